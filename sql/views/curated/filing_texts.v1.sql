-- what:    Filings as EDGAR sent them: the text of each file that was loaded.
-- grain:   one row per filing and file, as it stands
-- status:  live

with pages as (
    select
        source, accession_no, name, page, form_type, charset, body, known_at, is_gone
    from raw.filing_texts
    qualify
        row_number() over (
            partition by source, accession_no, name, page
            order by known_at desc, recorded_at desc, load_id desc
        ) = 1
)

select
    accession_no,
    source as feed,  -- that loaded it
    name,  -- of the file
    any_value(form_type) as form_type,  -- 13F-HR, 4 and others
    any_value(charset) as charset,  -- body encoded so is the file, byte for byte
    array_to_string(list(body order by page), '') as body,  -- all of it
    max(known_at) as known_at  -- when EDGAR accepted it, or when it came anew
from pages
where not is_gone
group by source, accession_no, name
