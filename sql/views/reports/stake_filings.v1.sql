-- what:    Schedules 13D and 13G, of who holds over 5 % of a company; 13D of who wants to act.
-- grain:   one row per filing; what it says stands in the filing alone
-- status:  live
-- misses:  who of the named filed it and whom it is about; how much is held

with told as (
    select
        accession_no,
        regexp_extract(form_type, '13[DG]') as schedule,
        max(form_type) as form_type,
        max(case when form_type like '%/A' then 1 else 0 end) as is_amendment,
        array_to_string(list_sort(list(coalesce(company, 'cik:' || cik))), ', ') as named,
        list(cik) as ciks,
        max(filed_date) as filed_date,
        max(path) as filing_path,
        min(known_at) as known_at
    from curated.filing_index
    where withdrawn_at is null and regexp_matches(form_type, '^(SC|SCHEDULE) 13[DG]')
    group by accession_no, regexp_extract(form_type, '13[DG]')
),

called as (
    select
        told.accession_no,
        min(issuers.ticker) as ticker
    from told
    inner join curated.issuers as issuers
        on
            list_contains(told.ciks, issuers.cik)
            and issuers.withdrawn_at is null
            and told.filed_date >= issuers.valid_from
            and coalesce(told.filed_date < issuers.valid_to, true)
    group by told.accession_no
)

select
    called.ticker,  -- of the named that has one; null where none has
    told.schedule,  -- 13D: may want to act; 13G: holds and is quiet
    told.is_amendment = 1 as is_amendment,  -- of an earlier one
    told.named,  -- the company, and who filed
    told.filed_date,
    told.known_at,
    told.form_type,
    told.accession_no,
    told.filing_path  -- below https://www.sec.gov/Archives
from told
left join called on told.accession_no = called.accession_no
order by told.known_at desc, told.accession_no asc
