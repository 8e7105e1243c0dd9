-- rule:    D5
-- what:    Active managers raised a security's weight in their portfolios as hardly ever before.
-- grain:   one row per security (CUSIP) and quarter; the first session that is notable counts
-- status:  live
-- every:   1h
-- needs:   0s
-- misses:  a security with less than 20 quarters of history; loss of conviction; puts
-- noisy:   when the price rose far: a weight grows without a trade

with params as (
    select
        0.97 as min_pr,  -- of its own history, rule book D5
        0.99 as high_pr,  -- of its own history, rule book D5
        60 as full_history,  -- quarters; below it a percentile is rough, rule book 0.3
        3 as min_managers  -- active ones; fewer are nobody's consensus
),

raised as (
    select
        convictions.*,
        params.min_pr, params.high_pr, params.full_history,
        coalesce(convictions.ticker, 'cusip:' || convictions.cusip) as entity,
        row_number() over (
            partition by convictions.cusip, convictions.period_end
            order by convictions.session_date
        ) as nth
    from features.conviction as convictions
    cross join params
    where
        convictions.conviction_pr >= params.min_pr
        and convictions.active_weight_change > 0
        and convictions.n_active >= params.min_managers
),

scored as (
    select
        *,
        case  -- 20, 40 and 59 at percentiles of 0.97, 0.99 and 1
            when conviction_pr < high_pr
                then 20 + 20 * (conviction_pr - min_pr) / (high_pr - min_pr)
            else 40 + 19 * (conviction_pr - high_pr) / (1 - high_pr)
        end as score
    from raised
    where nth = 1
)

select
    entity,
    'underlying' as entity_type,
    timezone('America/New_York', period_end + interval 1 day) as happened_at,
    known_at as fired_at,
    'bull' as direction,
    round(cast(least(score, case when n_obs < full_history then 39 else 100 end) as double), 6)
        as score,
    -- The evidence on following conviction is mixed.
    round(cast(0.6 * coalesce(least(coverage_frac, 1), 1) as double), 6) as confidence,
    abs(active_flow_usd) as notional_usd,
    entity || ': ' || n_active || ' active managers changed its weight by '
    || round(active_weight_change, 1) || ' of their usual moves, the most of ' || n_obs + 1
    || ' quarters' as headline,
    to_json(struct_pack(
        cusip := cusip, ticker := ticker, period_end := period_end, session_date := session_date,
        conviction_score := conviction_score, conviction_pr := conviction_pr,
        conviction_legacy := conviction_legacy, active_weight_change := active_weight_change,
        active_flow_usd := active_flow_usd, n_active := n_active, n_holders := n_holders,
        n_new := n_new, n_sold_out := n_sold_out, n_obs := n_obs,
        short_history := n_obs < full_history, coverage_frac := coverage_frac
    )) as evidence,
    concat_ws('|', 'filings.conviction', entity, cusip, period_end) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
