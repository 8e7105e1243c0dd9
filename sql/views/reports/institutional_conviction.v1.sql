-- rule:    D5
-- what:    How strongly managers stand behind each security in its newest quarter.
-- grain:   one row per security (CUSIP), the newest session of its newest quarter
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by cusip order by period_end desc, session_date desc
        ) as age
    from features.conviction
)

select
    row_number() over (
        order by conviction_score desc nulls last, active_weight_change desc nulls last, cusip asc
    ) as place,  -- 1 is the first of the list
    cusip, ticker, issuer, period_end, session_date,
    conviction_score, conviction_pr, conviction_legacy, active_weight_change, active_flow_usd,
    n_active, n_holders, n_new, n_sold_out, n_obs, coverage_frac, is_settled, known_at
from newest
where age = 1
