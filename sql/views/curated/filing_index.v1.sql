-- what:    What was filed at EDGAR, as it was first told of.
-- grain:   one row per filing, who it concerns and form; withdrawn_at is null while it is told
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by accession_no, cik, form_type
            order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.filing_index
),

told as (
    select
        accession_no, cik, company, form_type, filed_date, path, accepted_at, known_at,
        row_number() over (
            -- Of two that tell it at once, the one that says when.
            partition by accession_no, cik, form_type
            order by known_at, accepted_at nulls last, recorded_at, load_id
        ) as place
    from raw.filing_index
    where not is_gone
)

select
    told.accession_no,
    told.cik,
    told.company,
    told.form_type,
    told.filed_date,
    told.path,  -- of the whole submission, below Archives
    told.accepted_at,  -- null where an index told of it first
    told.known_at,  -- its acceptance, or 22:00 New York of the filing date, when indexes come
    case when newest.is_gone then newest.known_at end
        as withdrawn_at  -- when its source no longer told it; null while it stands
from told
inner join newest
    on
        told.accession_no = newest.accession_no and told.cik = newest.cik
        and told.form_type = newest.form_type and newest.age = 1
where told.place = 1
