-- rule:    D3
-- what:    Far more managers than elsewhere came into a security in a quarter, or left it.
-- grain:   one row per security (CUSIP) and quarter
-- status:  live
-- every:   1h
-- needs:   0s
-- misses:  what its holders added or cut; a cross-section of fewer than 50 securities, where
--          nothing reaches the percentile; who comes by another class of the company's stock
-- noisy:   when a company is new to the market, is taken over, or changes its CUSIP: all come, or
--          all leave

with params as (
    select
        0.99 as min_pr,  -- across securities, rule book D3; at the other end as far from 0
        1_000_000 as min_flow_usd,  -- as of one manager, rule book D2
        5 as min_moves  -- managers that came or left; fewer are nobody's consensus; a guess
),

moved as (
    select
        widths.*,
        params.min_pr,
        case when widths.d_breadth_pr >= 0.5 then 1 else -1 end as sign,
        greatest(widths.d_breadth_pr, 1 - widths.d_breadth_pr) as pr,
        coalesce(widths.ticker, 'cusip:' || widths.cusip) as entity
    from features.ownership as widths
    cross join params
    where
        widths.is_first_settled
        and greatest(widths.d_breadth_pr, 1 - widths.d_breadth_pr) >= params.min_pr
        and widths.n_new + widths.n_sold_out >= params.min_moves
        and abs(widths.net_flow_usd) >= params.min_flow_usd
)

select
    entity,
    'underlying' as entity_type,
    timezone('America/New_York', period_end + interval 1 day) as happened_at,
    known_at as fired_at,
    case when sign = 1 then 'bull' else 'bear' end as direction,
    -- Low is all that it can be: 20 at the percentile, 39 at the end of the list.
    round(cast(20 + 19 * (pr - min_pr) / (1 - min_pr) as double), 6) as score,
    round(cast(0.7 * coalesce(least(coverage_frac, 1), 1) as double), 6) as confidence,
    abs(net_flow_usd) as notional_usd,
    entity || ': ' || n_new || ' managers came and ' || n_sold_out || ' left, of '
    || n_prev_holders || ' that held it a quarter before' as headline,
    to_json(struct_pack(
        cusip := cusip, ticker := ticker, period_end := period_end, session_date := session_date,
        d_breadth := d_breadth, d_breadth_pr := d_breadth_pr, n_securities := n_securities,
        n_new := n_new, n_sold_out := n_sold_out, n_prev_holders := n_prev_holders,
        n_holders := n_holders, shares_held := cast(shares_held as double),
        net_flow_usd := net_flow_usd, coverage_frac := coverage_frac
    )) as evidence,
    concat_ws('|', 'filings.breadth', entity, cusip, period_end) as alert_key
from moved
where known_at < (select clock.until from ops.clock as clock)
