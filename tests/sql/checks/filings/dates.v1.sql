-- default: cik = '0001067983', period_end = '2023-12-31'

-- case: a filing before its quarter's end or known before it was there is told
-- given: raw.filings
select *
from (
    values
    ('fine', '2024-02-14', '2024-02-14 21:00Z', '2024-02-14 21:00Z'),
    ('friday', '2024-02-20', '2024-02-16 23:00Z', '2024-02-16 23:00Z'),
    ('early', '2023-11-14', '2023-11-14 21:00Z', '2023-11-14 21:00Z'),
    ('ahead', '2024-02-14', '2024-02-14 21:00Z', '2024-02-14 20:00Z'),
    ('weeks', '2024-02-14', null, '2024-01-14 20:00Z')
) as given (accession_no, filed_date, accepted_at, known_at);
-- expect: reason, evidence ->> 'accession_no'
values
('it was filed before its quarter ended', 'early'),
('it was known before it was accepted', 'ahead'),
('it was known before it was filed', 'weeks');
