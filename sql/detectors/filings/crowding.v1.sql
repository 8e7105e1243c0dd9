-- rule:    D6
-- what:    Hedge-type managers hold so much of a security that they could leave it only slowly.
-- grain:   one row per security (CUSIP) and quarter
-- status:  live
-- every:   1h
-- needs:   0s
-- misses:  shorts and hedges; a security whose volume is not loaded; a cross-section of fewer than
--          50 securities, where nothing reaches the percentile
-- noisy:   in thin stocks, and in August and December, when volumes are low: days_adv60 says what
--          the median of 60 sessions makes of it

with params as (
    select
        0.99 as min_pr,  -- across securities, rule book D6
        10 as min_drop_pct,  -- of the holders, rule book D6
        1 as min_days_adv,  -- less is sold in a day; a guess
        10_000_000 as min_hedge_usd  -- less moves nobody; a guess
),

crowded as (
    select
        crowds.*,
        params.min_pr,
        coalesce(crowds.d_holders_pct <= -params.min_drop_pct, false) as is_leaving,
        coalesce(crowds.ticker, 'cusip:' || crowds.cusip) as entity
    from features.crowding as crowds
    cross join params
    where
        crowds.crowding_pr >= params.min_pr
        and crowds.days_adv >= params.min_days_adv
        and crowds.hedge_usd >= params.min_hedge_usd
)

select
    entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case when is_leaving then 'bear' end as direction,
    round(  -- 40 at the percentile, 60 when holders leave, up to 19 more at the top
        cast(
            case when is_leaving then 60 else 40 end
            + 19 * (crowding_pr - min_pr) / (1 - min_pr) as double
        ), 6
    ) as score,
    round(cast(0.7 * coalesce(least(coverage_frac, 1), 1) as double), 6) as confidence,
    hedge_usd as notional_usd,
    entity || ': ' || n_hedge_holders || ' hedge-type managers would sell for '
    || round(days_adv, 1) || ' days' || case when is_leaving then ', and holders leave' else '' end
        as headline,
    to_json(struct_pack(
        cusip := cusip, ticker := ticker, period_end := period_end, session_date := session_date,
        days_adv := days_adv, days_adv60 := days_adv60, adv20 := adv20, median60 := median60,
        hedge_shares := cast(hedge_shares as double), hedge_usd := hedge_usd,
        n_hedge_holders := n_hedge_holders, hf_own_pct := hf_own_pct, crowding_pr := crowding_pr,
        n_securities := n_securities, n_holders := n_holders, d_holders_pct := d_holders_pct,
        coverage_frac := coverage_frac
    )) as evidence,
    concat_ws('|', 'filings.crowding', entity, cusip, period_end) as alert_key
from crowded
where known_at < (select clock.until from ops.clock as clock)
