-- rule:    D4, D5
-- what:    What each manager's report of each quarter adds up to, as it stands, and when it came.
-- grain:   one row per manager and quarter
-- status:  live

select
    cik,
    manager,
    period_end,
    period_end = max(period_end) over (partition by cik) as is_newest,  -- the manager's newest
    manager_type,  -- index, quant, active or hedge; null where it is none of them
    is_active,
    value_usd,
    prev_value_usd,
    n_positions,
    n_prev_positions,
    bought_usd,
    sold_usd,
    case when previous_accession_no is not null then round(bought_usd - sold_usd, 2) end
        as net_bought_usd,  -- what it put in, prices aside; null without the quarter before
    turnover_frac,  -- a year
    top_frac,  -- part of the largest stock
    put_usd,
    call_usd,
    accession_no,
    known_at,
    date_diff('day', period_end, cast(timezone('America/New_York', known_at) as date))
        as filing_lag_days  -- from the quarter's end
from features.manager_reports
where withdrawn_at is null
