-- rule:    D8
-- what:    What insiders did with their shares: class, value, plan, and whether it is a signal.
-- grain:   one row per transaction of shares and version, never per owner; withdrawn_at is null
--          while it stands
-- status:  live

with params as (
    select
        5 as max_lag_days,  -- two business days are allowed; rule book D8
        1_000 as min_value_usd  -- of a signal; rule book D8
)

select
    told.cik,
    told.owner_cik,
    told.accession_no,
    told.trans_date,
    told.trans_code,
    told.insider_class,
    told.shares,
    told.price,
    told.value_usd,
    told.is_10b5_1,
    told.known_at,
    told.ticker,
    told.issuer,
    told.owner,
    told.owner_title,
    told.is_director,
    told.is_officer,
    told.is_ten_percent,
    told.filed_at,
    told.filing_lag_days,
    told.form_type like '4%' and told.filing_lag_days > params.max_lag_days
        as is_late_filing,  -- of a form 4; a form 5 comes once a year
    told.side,
    coalesce(
        told.value_usd >= params.min_value_usd
        and (
            (told.trans_code = 'P' and coalesce(told.side, 1) = 1)
            or (told.trans_code = 'S' and coalesce(told.side, -1) = -1)
        ), false
    ) as is_signal,  -- bought or sold in the market at a price, for more than a little
    told.trans_code in ('P', 'S') and told.is_10b5_1 is not true
        as is_discretionary,  -- bought or sold, and under no plan that is told
    told.is_exercise_sale,
    told.withdrawn_at,
    told.line,
    told.n_owners,
    told.form_type,
    told.filed_date,
    told.title,
    told.shares_after,
    told.is_direct,
    told.nature,
    told.timeliness,
    told.footnotes,
    told.source
from curated.insider_rows as told
cross join params
where not told.is_derivative
