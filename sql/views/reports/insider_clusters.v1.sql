-- rule:    D9
-- what:    How many insiders of each company bought its stock within 30 days, when last one did.
-- grain:   one row per company that an insider bought
-- status:  live
-- needs:   0s

with newest as (
    select
        *,
        row_number() over (partition by cik order by known_at desc, accession_no desc) as age
    from features.insider_clusters
)

select
    coalesce(ticker, 'cik:' || cik) as entity,  -- the ticker, else the company's number
    issuer,
    n_insiders_30d,
    value_30d_usd,
    n_officers_30d,
    has_ceo,
    has_cfo,
    n_opportunistic_30d,  -- insiders without a habit
    n_routine_30d,  -- insiders who buy in this month every year
    role_weight_30d,
    owners,
    last_trans_date,
    known_at,
    cik,
    accession_no
from newest
where age = 1
order by known_at desc, cik asc
