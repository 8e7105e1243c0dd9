-- kind:       state
-- partition:  none
-- what:       Form 13F filings, with what their cover pages say.
-- grain:      one row per filing
-- key:        accession_no

create table filings (
    accession_no text not null,  -- EDGAR's number of the submission, with dashes
    cik text not null,  -- the manager's number at the SEC, ten digits
    manager text not null,  -- the manager's name as on the cover page
    form_type text not null,  -- 13F-HR or 13F-NT, /A for an amendment
    report_type text,  -- 13F HOLDINGS REPORT, 13F NOTICE or 13F COMBINATION REPORT
    period_end date not null,  -- the quarter's end that it describes
    filed_date date not null,  -- EDGAR's filing date; after 17:30 New York the next business day
    accepted_at timestamptz,  -- when EDGAR accepted it; null where only the date is known
    amendment_kind text not null,  -- ORIGINAL, RESTATEMENT or NEW HOLDINGS
    amendment_no bigint,  -- the amendment's number on its cover page
    n_entries bigint,  -- rows of the table, as the cover page has it
    value_total decimal(20, 0),  -- sum of value, as the cover page has it, in the filer's unit
    file_number text,  -- the manager's 13F file number, 028-01234
    is_confidential_omitted boolean,  -- true: some holdings are kept from the public
    is_confidential_release boolean,  -- true: an amendment that tells what was confidential
    parse_confidence double,  -- 0 to 1, how sure a table of text was read; null where it is XML
    check (amendment_kind in ('ORIGINAL', 'RESTATEMENT', 'NEW HOLDINGS')),
    check (n_entries >= 0),
    check (parse_confidence between 0 and 1)
);
