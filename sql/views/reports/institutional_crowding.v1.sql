-- rule:    D6
-- what:    How long hedge-type managers would need to leave each security, the longest first.
-- grain:   one row per security (CUSIP), the newest session of its newest quarter
-- status:  live
-- needs:   100 sessions

with newest as (
    select
        *,
        row_number() over (
            partition by cusip order by period_end desc, session_date desc
        ) as age
    from features.crowding
)

select
    row_number() over (
        order by days_adv desc nulls last, cusip asc
    ) as place,  -- 1 is the first of the list
    cusip, ticker, issuer, period_end, session_date,
    days_adv, days_adv60, crowding_pr, hf_own_pct, hedge_shares, hedge_usd, n_hedge_holders,
    n_holders, d_holders_pct, adv20, median60, n_securities, coverage_frac, known_at
from newest
where age = 1
