-- default: cik = '0001067983', known_at = '2024-02-14 21:00Z'

-- case: a table of other rows or of another value than its cover page says is told
-- given: raw.filings
select *
from (
    values ('whole', 2, 300), ('cut', 3, 300), ('off', 2, 900), ('silent', null, null)
) as given (accession_no, n_entries, value_total);
-- given: raw.holdings
select
    filed.accession_no, listed.line,
    listed.line * 100 as value_reported
from (values ('whole'), ('cut'), ('off'), ('silent')) as filed (accession_no)
cross join range(1, 3) as listed (line);
-- expect: reason, evidence ->> 'accession_no'
values
('2 rows, its cover page says 3', 'cut'), ('a value of 300, its cover page says 900', 'off');
