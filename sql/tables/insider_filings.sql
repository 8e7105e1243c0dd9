-- kind:       state
-- partition:  none
-- what:       Forms 3, 4 and 5: what insiders told of themselves and their trades, and when.
-- grain:      one row per filing, whoever files it together
-- key:        accession_no

create table insider_filings (
    accession_no text not null,  -- EDGAR's number of the submission, with dashes
    form_type text not null,  -- 3, 4 or 5, /A for an amendment
    issuer_cik text not null,  -- the company's number at the SEC, ten digits
    issuer text,  -- the company's name
    trading_symbol text,  -- as the filer typed it; NONE, N/A and NYSE:X are met
    period_date date,  -- of the earliest transaction, or of becoming an insider
    original_date date,  -- of an amendment: when the amended form was filed
    filed_date date,  -- EDGAR's filing date; after 22:00 New York the next business day
    accepted_at timestamptz,  -- when EDGAR accepted it; null where only the date is known
    is_10b5_1 boolean,  -- the box of a trading plan, over the whole form; null where there is none
    is_10b5_1_footnote boolean,  -- a footnote or a remark says 10b5-1; null where none was told
    not_subject_to_section_16 boolean,  -- the exit box: no insider any more
    no_securities_owned boolean,  -- of a form 3: nothing is held
    remarks text,  -- free text; titles and plans are told here too
    check (form_type in ('3', '3/A', '4', '4/A', '5', '5/A')),
    check (length(issuer_cik) = 10)
);
