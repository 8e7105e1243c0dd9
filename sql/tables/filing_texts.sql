-- kind:       state
-- partition:  month
-- row_group:  2048
-- what:       Filings as EDGAR sent them, byte for byte, in pages of 65,536 characters.
-- grain:      one row per filing, file and page
-- key:        accession_no, name, page

create table filing_texts (
    accession_no text not null,  -- EDGAR's number of the submission, with dashes
    name text not null,  -- of the file that was loaded
    page bigint not null,  -- its place in the file, from 1
    form_type text not null,  -- 13F-HR, 4 and others, /A for an amendment
    charset text not null,  -- utf-8 or latin-1: encoded so, the pages are the file's bytes
    body text not null,  -- the page's characters
    check (page > 0),
    check (charset in ('utf-8', 'latin-1')),
    check (length(body) between 1 and 65536)
);
