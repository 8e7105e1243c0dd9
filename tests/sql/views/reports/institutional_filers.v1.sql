-- default: accession_no = '0001', form_type = '13F-HR'

-- case: a manager has the name and the value of its newest report that stands
-- given: curated.filings
select *
from (
    values
    ('1', 'Old Name', '2023-09-30', 100, '2023-11-14 20:00Z', null, '13F-HR'),
    ('1', 'New Name', '2023-12-31', 200, '2024-02-14 20:00Z', null, '13F-HR'),
    ('1', 'Wrong', '2024-03-31', 900, '2024-05-14 20:00Z', '2024-05-15 20:00Z', '13F-HR'),
    ('2', 'Notice Only', '2023-12-31', null, '2024-02-14 20:00Z', null, '13F-NT')
) as given (cik, manager, period_end, value_usd, known_at, withdrawn_at, form_type);
-- expect: cik, manager, newest_period_end, value_usd, n_quarters, known_at
values ('1', 'New Name', '2023-12-31', 200, 2, timestamptz '2024-02-14 20:00Z');
