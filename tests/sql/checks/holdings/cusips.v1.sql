-- default: accession_no = 'a', known_at = '2024-02-14 21:00Z', issuer = 'APPLE INC'

-- case: a CUSIP with a slip is told once a filing, with the first of its rows
-- given: raw.holdings
select *
from (
    values ('a', 1, '037833100'), ('a', 2, '037833101'), ('a', 5, '037833101'),
    ('b', 7, '037833101')
) as given (accession_no, line, cusip);
-- given: curated.unfit_cusips
select
    '037833101' as cusip,
    'its last sign is 1, the others make it 0' as reason;
-- expect: dataset, entity, known_at, reason, evidence
values
(
    'holdings', 'cusip:037833101', '2024-02-14 21:00Z',
    'its last sign is 1, the others make it 0; set aside of curated.holdings',
    '{"accession_no":"a","line":2,"n_rows":2,"issuer":"APPLE INC"}'
),
(
    'holdings', 'cusip:037833101', '2024-02-14 21:00Z',
    'its last sign is 1, the others make it 0; set aside of curated.holdings',
    '{"accession_no":"b","line":7,"n_rows":1,"issuer":"APPLE INC"}'
);
