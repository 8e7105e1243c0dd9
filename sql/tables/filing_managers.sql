-- kind:       state
-- partition:  none
-- what:       Other managers on Form 13F cover pages: those included in a report, and those that
--             report for its manager.
-- grain:      one row per filing, relation and place in its list
-- key:        accession_no, relation, sequence_no

create table filing_managers (
    accession_no text not null,  -- the filing
    relation text not null,  -- included: held in this report; reports_for: reports for its manager
    sequence_no bigint not null,  -- what holdings.other_managers means; a place from 1 where none
    manager text not null,  -- the other manager's name, as on the cover page
    manager_cik text,  -- its number at the SEC, ten digits, where the filer gives it
    file_number text,  -- its 13F file number, 028-01234, where the filer gives it
    check (relation in ('included', 'reports_for')),
    check (sequence_no >= 0)
);
