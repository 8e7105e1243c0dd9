-- rule:    C6
-- what:    One order taking a stock from several exchanges within moments.
-- grain:   one row per symbol, side and run of prints
-- status:  live
-- every:   5s
-- needs:   0s
-- misses:  prints without a side, those off exchange, and those reported over a second late; all
--          but the first second of a run without a gap
-- noisy:   in stocks that are swept all day; when strangers sweep the same way within 50 ms

with params as (
    select
        1_000_000 as min_value_usd,  -- as a large print, rule book C6; smaller ones come all day
        3 as min_wide_exchanges  -- two venues may be two people; rule book A13
),

fired as (
    select
        sweeps.*,
        params.min_wide_exchanges,
        cast(sweeps.value_usd as double) as usd
    from features.equity_sweeps as sweeps
    cross join params
    where sweeps.value_usd >= params.min_value_usd
),

scored as (
    select
        *,
        case  -- 20, 40, 60, 80 and 100 at 1, 5, 10, 50 and 100 M USD
            when usd < 5_000_000 then 20 + (usd - 1_000_000) / 200_000
            when usd < 10_000_000 then 40 + (usd - 5_000_000) / 250_000
            when usd < 50_000_000 then 60 + (usd - 10_000_000) / 2_000_000
            else least(100, 80 + (usd - 50_000_000) / 2_500_000)
        end as score
    from fired
)

select
    symbol as entity,
    'underlying' as entity_type,
    ended_at as happened_at,
    known_at as fired_at,
    case when side = 1 then 'bull' else 'bear' end as direction,
    -- Few venues make a low one at most, below ten million.
    round(
        least(
            score, case when n_exchanges < min_wide_exchanges and score < 60 then 39 else 100 end
        ), 6
    ) as score,
    cast(
        0.5
        + case when n_exchanges >= min_wide_exchanges then 0.2 else 0 end
        + case when is_through then 0.2 else 0 end
        + case when worse_usd >= 0 then 0.1 else 0 end as double
    ) as confidence,
    usd as notional_usd,
    symbol || ': ' || cast(round(size) as bigint) || ' shares'
    || case when side = 1 then ' bought' else ' sold' end || ' in a sweep of ' || n_exchanges
    || ' venues for ' || cast(round(value_usd) as bigint) || ' USD' as headline,
    to_json(struct_pack(
        side := side, side_prob := cast(side_prob as double), trade_ids := trade_ids,
        n_prints := n_prints, n_exchanges := n_exchanges, size := cast(size as double),
        value_usd := usd, is_through := is_through, worse_usd := cast(worse_usd as double),
        first_price := cast(first_price as double), last_price := cast(last_price as double),
        few_exchanges := n_exchanges < min_wide_exchanges, started_us := epoch_us(started_at),
        ended_us := epoch_us(ended_at)
    )) as evidence,
    concat_ws('|', 'prices.sweep', symbol, side, first_trade_id, session_date) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
