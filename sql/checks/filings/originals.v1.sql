-- what:     13F reports of a quarter that came as an original although there was one already.
-- grain:    one row per filing that is not the first original of its manager and quarter
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    0s

-- A notice beside a report is no second one.
with originals as (
    select
        accession_no, cik, period_end, form_type like '13F-NT%' as is_notice,
        min(known_at) as known_at,
        min(coalesce(accepted_at, known_at)) as filed_at
    from raw.filings
    where not is_gone and amendment_kind = 'ORIGINAL'
    group by accession_no, cik, period_end, is_notice
),

ordered as (
    select
        *,
        first_value(accession_no) over in_order as first_accession_no,
        row_number() over in_order as place
    from originals
    window in_order as (
        partition by cik, period_end, is_notice order by filed_at, accession_no
    )
)

select
    'filings' as dataset,
    'cik:' || cik as entity,
    known_at,
    'an original of ' || period_end || ', as is ' || first_accession_no || ': the later one counts'
        as reason,
    to_json(struct_pack(
        accession_no := accession_no, first_accession_no := first_accession_no,
        period_end := period_end, place := place
    )) as evidence
from ordered
where place > 1
