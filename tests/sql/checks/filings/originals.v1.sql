-- default: cik = '0001067983', form_type = '13F-HR', amendment_kind = 'ORIGINAL'
-- default: period_end = '2023-12-31', known_at = '2024-02-14 21:00Z'

-- case: a second original is told, an amendment, another quarter, another form and a repeat are not
-- given: raw.filings
select *
from (
    values
    ('a', '13F-HR', 'ORIGINAL', '2023-12-31', '2024-02-14 21:00Z', false),
    ('a', '13F-HR', 'ORIGINAL', '2023-12-31', '2024-02-16 21:00Z', false),
    ('b', '13F-HR/A', 'RESTATEMENT', '2023-12-31', '2024-02-15 21:00Z', false),
    ('c', '13F-HR', 'ORIGINAL', '2023-09-30', '2024-02-15 21:00Z', false),
    ('d', '13F-NT', 'ORIGINAL', '2023-12-31', '2024-02-15 21:00Z', false),
    ('e', '13F-HR', 'ORIGINAL', '2023-12-31', '2024-02-15 21:00Z', false),
    ('f', '13F-HR', 'ORIGINAL', '2023-12-31', '2024-02-15 21:00Z', true)
) as given (accession_no, form_type, amendment_kind, period_end, known_at, is_gone);
-- expect: entity, known_at, reason, evidence ->> 'accession_no'
values (
    'cik:0001067983', '2024-02-15 21:00Z',
    'an original of 2023-12-31, as is a: the later one counts', 'e'
);
