-- rule:    C3
-- what:    A stock's off-exchange prints of a session lean to buyers or to sellers as they hardly
--          ever do.
-- grain:   one row per symbol and session
-- status:  live
-- every:   5m
-- needs:   1d
-- misses:  prints at the middle, which are a fifth and have no side; who was behind them; a lean
--          that builds up over days
-- noisy:   a side is right in two cases of three; on the days on which indices turn over

with params as (
    select
        3.5 as min_mz60,  -- rule book C3
        0.3 as min_sided_frac,  -- of the value, that has a side; rule book C3
        5_000_000 as min_total_usd,  -- rule book C3
        60 as full_baseline  -- below it the usual spread is a rough guess, rule book 0.3
),

leaning as (
    select
        facts.*,
        params.full_baseline,
        abs(facts.mz60) as z,
        0.6 * least(1, facts.sided_frac)
        * case when facts.n_obs >= params.full_baseline then 1 else 0.7 end as confidence
    from features.off_exchange_imbalance as facts
    cross join params
    where
        abs(facts.mz60) >= params.min_mz60
        and facts.sided_frac >= params.min_sided_frac
        and facts.total_usd >= params.min_total_usd
),

scored as (
    select
        *,
        least(
            -- Medium from 3.5, high from 5 on, and no more than that.
            case when z < 5 then 40 + 40 * (z - 3.5) / 3 else least(79, 60 + 19 * (z - 5) / 5) end,
            case when abs(imbalance) > max_abs60 then 100 else 59 end,
            case when n_obs >= full_baseline then 100 else 39 end
        ) as score
    from leaning
)

select
    symbol as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    known_at as fired_at,
    case when mz60 > 0 then 'bull' else 'bear' end as direction,
    round(cast(score as double), 6) as score,
    round(cast(confidence as double), 6) as confidence,
    total_usd as notional_usd,
    symbol || ': of ' || cast(round(total_usd) as bigint) || ' USD off exchange buyers began '
    || cast(round(100 * bull_usd / nullif(total_usd, 0)) as bigint) || ' %, sellers '
    || cast(round(100 * bear_usd / nullif(total_usd, 0)) as bigint) || ' %' as headline,
    to_json(struct_pack(
        session_date := session_date, total_usd := total_usd, bull_usd := bull_usd,
        bear_usd := bear_usd, n_prints := n_prints, sided_frac := sided_frac,
        bull_share := bull_share, imbalance := imbalance, mz60 := mz60, median60 := median60,
        max_abs60 := max_abs60, n_obs := n_obs, short_history := n_obs < full_baseline
    )) as evidence,
    concat_ws('|', 'off_exchange.imbalance', symbol, session_date) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
