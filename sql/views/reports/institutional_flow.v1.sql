-- rule:    D4
-- what:    Which way managers moved in each security in its newest quarter, the largest sums first.
-- grain:   one row per security (CUSIP), the newest session of its newest quarter
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by cusip order by period_end desc, session_date desc
        ) as age
    from features.institutional_flow
)

select
    row_number() over (
        order by abs(net_flow_usd) desc nulls last, cusip asc
    ) as place,  -- 1 is the first of the list
    cusip, ticker, issuer, period_end, session_date,
    flow_label, is_preliminary, net_change_pct, net_flow_usd, active_net_change_pct,
    active_flow_usd, index_net_change_pct, quant_net_change_pct, net_change_pr, n_obs, n_compared,
    n_new, n_sold_out, coverage_frac, confidence, known_at
from newest
where age = 1
