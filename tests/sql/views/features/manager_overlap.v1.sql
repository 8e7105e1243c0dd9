-- default: manager = 'Line LLC', period_end = '2024-06-30', manager_type = 'hedge'
-- default: known_at = '2024-08-10 20:00Z', share_type = 'SH', shares = 100, n_positions = 12
-- default: session_date = '2024-08-15', is_first_settled = true

-- case: the lesser of both weights is summed over what both hold; weights are of stocks alone
-- given: features.report_coverage
select '2024-08-15 20:00Z' as known_at;
-- given: features.manager_reports
select * from (values ('1'), ('2'), ('3')) as given (cik);
-- given: features.holder_positions
select *
from (
    values
    ('1', 'A', null, 'SH', 60),
    ('1', 'B', null, 'SH', 40),
    ('1', 'A', 'put', 'SH', 900),
    ('1', 'C', null, 'PRN', 900),
    ('2', 'A', null, 'SH', 30),
    ('2', 'B', null, 'SH', 50),
    ('2', 'C', null, 'SH', 20),
    ('3', 'Z', null, 'SH', 100)
) as given (cik, cusip, put_call, share_type, value_usd);
-- expect: cik, other_cik, overlap_frac, n_common, most_common, known_at, session_date, n_positions
values ('1', '2', 0.7, 2, 'B', '2024-08-15 20:00Z', '2024-08-15', 12);

-- case: two equal portfolios have all in common, however large
-- given: features.report_coverage
select '2024-08-15 20:00Z' as known_at;
-- given: features.manager_reports
select * from (values ('1'), ('2')) as given (cik);
-- given: features.holder_positions
select *
from (
    values
    ('1', 'A', 'AAA', 60),
    ('1', 'B', null, 40),
    ('2', 'A', 'AAA', 6_000),
    ('2', 'B', null, 4_000)
) as given (cik, cusip, ticker, value_usd);
-- expect: overlap_frac, n_common, most_common
values (1, 2, 'AAA');

-- case: the report counts that stood when the quarter began to count, of hedge-type managers
-- given: features.report_coverage
select *
from (
    values
    ('2024-08-14', '2024-08-14 20:00Z', false),
    ('2024-08-15', '2024-08-15 20:00Z', true)
) as given (session_date, known_at, is_first_settled);
-- given: features.manager_reports
select *
from (
    values
    ('1', 'hedge', '2024-08-10 20:00Z', timestamptz '2024-08-12 20:00Z'),
    ('1', 'hedge', '2024-08-12 20:00Z', null),
    ('2', 'hedge', '2024-08-10 20:00Z', null),
    ('3', 'active', '2024-08-10 20:00Z', null),
    ('4', 'hedge', '2024-08-15 20:01Z', null)
) as given (cik, manager_type, known_at, withdrawn_at);
-- given: features.holder_positions
select *
from (
    values
    ('1', 'A', 100, '2024-08-10 20:00Z'),
    ('1', 'A', 25, '2024-08-12 20:00Z'),
    ('1', 'B', 75, '2024-08-12 20:00Z'),
    ('2', 'A', 100, '2024-08-10 20:00Z'),
    ('3', 'A', 100, '2024-08-10 20:00Z'),
    ('4', 'A', 100, '2024-08-15 20:01Z')
) as given (cik, cusip, value_usd, known_at);
-- expect: cik, other_cik, overlap_frac
values ('1', '2', 0.25);
