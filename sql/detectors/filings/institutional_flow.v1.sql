-- rule:    D4
-- what:    Managers that reported two quarters in a row moved far into a security, or out of it.
-- grain:   one row per security (CUSIP) and quarter; the first session that is notable counts
-- status:  live
-- every:   1h
-- needs:   0s
-- misses:  what happens before nine tenths of the value have reported, or day 46; what hides in
--          puts and calls; who sold to whom
-- noisy:   when index funds follow flows of their own: active_net_change_pct is without them; when
--          a split is not loaded, and when a CUSIP changed

with params as (
    select
        2 as min_strong_pct,  -- of the shares, founding threshold: a mention
        0.97 as min_pr,  -- of its own history, rule book D4
        0.99 as high_pr,  -- of its own history, rule book D4
        60 as full_history,  -- quarters; below it a percentile is rough, rule book 0.3
        3 as min_managers,  -- fewer are a trade of one of them
        1_000_000 as min_flow_usd  -- as of one manager, rule book D2
),

moved as (
    select
        flows.*,
        params.min_strong_pct, params.min_pr, params.high_pr, params.full_history,
        abs(flows.net_change_pct) as size_pct,
        coalesce(flows.ticker, 'cusip:' || flows.cusip) as entity,
        row_number() over (
            partition by flows.cusip, flows.period_end order by flows.session_date
        ) as nth
    from features.institutional_flow as flows
    cross join params
    where
        not flows.is_preliminary
        and abs(flows.net_flow_usd) >= params.min_flow_usd
        and flows.n_compared >= params.min_managers
        and (
            abs(flows.net_change_pct) > params.min_strong_pct
            or flows.net_change_pr >= params.min_pr
        )
),

scored as (
    select
        *,
        case  -- 60 and 40 at the percentiles, up to 20 more by size; a mention without one
            when net_change_pr >= high_pr then 60 + least(39, size_pct)
            when net_change_pr >= min_pr then 40 + least(19, size_pct)
            else 10 + least(9, size_pct / 10)
        end as score
    from moved
    where nth = 1
)

select
    entity,
    'underlying' as entity_type,
    timezone('America/New_York', period_end + interval 1 day) as happened_at,
    known_at as fired_at,
    case when net_change_pct > 0 then 'bull' else 'bear' end as direction,
    round(cast(least(score, case when n_obs < full_history then 39 else 100 end) as double), 6)
        as score,
    round(cast(confidence as double), 6) as confidence,
    abs(net_flow_usd) as notional_usd,
    entity || ': ' || n_compared || ' managers '
    || case when net_change_pct > 0 then 'added ' else 'cut ' end || round(size_pct, 1)
    || ' % of their shares, ' || cast(round(abs(net_flow_usd)) as bigint) || ' USD' as headline,
    to_json(struct_pack(
        cusip := cusip, ticker := ticker, period_end := period_end, session_date := session_date,
        flow_label := flow_label, net_change_pct := net_change_pct, net_flow_usd := net_flow_usd,
        prev_shares := cast(prev_shares as double), d_shares := cast(d_shares as double),
        active_net_change_pct := active_net_change_pct, active_flow_usd := active_flow_usd,
        index_net_change_pct := index_net_change_pct, quant_net_change_pct := quant_net_change_pct,
        net_change_pr := net_change_pr, n_obs := n_obs, short_history := n_obs < full_history,
        n_compared := n_compared, n_new := n_new, n_sold_out := n_sold_out,
        coverage_frac := coverage_frac, freshness := freshness
    )) as evidence,
    concat_ws('|', 'filings.institutional_flow', entity, cusip, period_end) as alert_key
from scored
where known_at < (select clock.until from ops.clock as clock)
