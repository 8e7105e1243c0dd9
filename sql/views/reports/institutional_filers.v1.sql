-- rule:    D1
-- what:    Every manager that has reported, by its newest name.
-- grain:   one row per manager
-- status:  live

select
    cik,
    arg_max(manager, struct_pack(at := period_end, id := accession_no)) as manager,
    max(period_end) as newest_period_end,  -- of its newest report
    arg_max(value_usd, struct_pack(at := period_end, id := accession_no))
        as value_usd,  -- of its newest report
    count(distinct period_end) as n_quarters,  -- that it reports
    max(known_at) as known_at  -- when its newest report became known
from curated.filings
where withdrawn_at is null and form_type like '13F-HR%'
group by cik
order by value_usd desc nulls last, cik asc
