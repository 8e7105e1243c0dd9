-- default: manager = 'Line LLC', form_type = '13F-HR', amendment_kind = 'ORIGINAL'
-- default: known_at = '2024-01-20 20:00Z', filed_at = '2024-01-20 20:00Z'

-- case: too little of the newest quarter is told, so the one before is shown
-- span: 2024-01-01 2024-02-01T20:00Z
-- given: curated.filings
select *
from (
    values
    ('1', '2023-09-30', 600, 'ORIGINAL', null),
    ('2', '2023-09-30', 400, 'RESTATEMENT', null),
    ('1', '2023-12-31', 900, 'ORIGINAL', null),
    ('2', '2023-12-31', 999, 'ORIGINAL', '2024-01-21 20:00Z')
) as given (cik, period_end, value_usd, amendment_kind, withdrawn_at);
-- expect: period_end, due_date, age_days, n_managers, n_awaited, coverage_frac, is_settled,
--     is_current, n_amended, value_usd
values
('2023-12-31', '2024-02-14', 32, 1, 2, 0.6, false, false, 0, 900),
('2023-09-30', '2023-11-14', 124, 2, 0, null, true, true, 1, 1_000);

-- case: once it is overdue, it is what there is
-- span: 2024-01-01 2024-02-16T20:00Z
-- given: curated.filings
select *
from (
    values
    ('1', '2023-09-30', 600),
    ('2', '2023-09-30', 400),
    ('1', '2023-12-31', 900)
) as given (cik, period_end, value_usd);
-- expect: period_end, is_settled, is_current
values
('2023-12-31', true, true),
('2023-09-30', true, false);

-- case: what is due on a weekend is due on the next business day
-- given: curated.filings
select given.period_end
from (
    values
    ('2021-12-31'), ('2022-12-31'), ('2023-03-31'), ('2024-09-30'), ('2025-12-31'), ('2026-12-31'),
    ('2026-06-30'), ('2027-03-31'), ('2027-09-30')
) as given (period_end);
-- expect: period_end, due_date
values
('2021-12-31', '2022-02-14'),
('2022-12-31', '2023-02-14'),
('2023-03-31', '2023-05-15'),
('2024-09-30', '2024-11-14'),
('2025-12-31', '2026-02-17'),
('2026-12-31', '2027-02-16'),
('2026-06-30', '2026-08-14'),
('2027-03-31', '2027-05-17'),
('2027-09-30', '2027-11-15');
