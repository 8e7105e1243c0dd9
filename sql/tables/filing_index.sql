-- kind:       state
-- partition:  month
-- what:       What was filed at EDGAR, of every form: who, what, when and where it lies.
-- grain:      one row per filing, who it concerns (filer, issuer, owner) and form it is listed as
-- key:        accession_no, cik, form_type

create table filing_index (
    accession_no text not null,  -- EDGAR's number of the submission, with dashes
    cik text not null,  -- whom it concerns: a number at the SEC, ten digits
    company text,  -- the name then, as EDGAR conforms it
    form_type text not null,  -- as EDGAR writes it: 13F-HR, 4, SC 13D/A
    filed_date date not null,  -- EDGAR's filing date, which may be after the day of acceptance
    path text not null,  -- of the whole submission, below Archives
    accepted_at timestamptz,  -- when EDGAR accepted it; null where an index alone tells of it
    check (regexp_full_match(cik, '\d{10}')),
    check (regexp_full_match(accession_no, '\d{10}-\d{2}-\d{6}'))
);
