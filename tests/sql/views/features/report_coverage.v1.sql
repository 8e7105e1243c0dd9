-- default: form_type = '13F-HR', amendment_kind = 'ORIGINAL'

-- case: who has reported counts with its value of a quarter before, from the session's close on
-- given: curated.filings
select *
from (
    values
    ('1', '2024-03-31', 60, '2024-05-10 20:00Z', null),
    ('2', '2024-03-31', 35, '2024-05-10 20:00Z', null),
    ('3', '2024-03-31', 5, '2024-05-10 20:00Z', null),
    ('1', '2024-06-30', 10, '2024-07-02 20:00Z', null),
    ('2', '2024-06-30', 10, '2024-07-02 20:01Z', null),
    ('new', '2024-06-30', 99, '2024-07-03 16:00Z', null)
) as given (cik, period_end, table_usd, known_at, withdrawn_at);
-- given: curated.us_sessions
select session_date, sequence, closes_at
from curated.us_sessions
where session_date between '2024-06-27' and '2024-07-05';
-- expect: period_end, session_date, known_at, n_filed, filed_usd, due_usd, coverage_frac,
--     is_settled, is_first_settled
values
('2024-06-30', '2024-07-01', '2024-07-01 20:00Z', 0, 0, 100, 0, false, false),
('2024-06-30', '2024-07-02', '2024-07-02 20:00Z', 1, 60, 100, 0.6, false, false),
('2024-06-30', '2024-07-03', '2024-07-03 17:00Z', 3, 95, 100, 0.95, true, true),
('2024-06-30', '2024-07-05', '2024-07-05 20:00Z', 3, 95, 100, 0.95, true, false),
('2024-03-31', '2024-06-27', '2024-06-27 20:00Z', 3, 0, 0, null, true, true),
('2024-03-31', '2024-06-28', '2024-06-28 20:00Z', 3, 0, 0, null, true, false),
('2024-03-31', '2024-07-01', '2024-07-01 20:00Z', 3, 0, 0, null, true, false);

-- case: from day 46 on it is settled, however few have reported; amendments change what is due
-- given: curated.filings
select *
from (
    values
    ('1', '2024-03-31', 'ORIGINAL', 60, '2024-05-10 20:00Z', '2024-08-14 12:00Z'),
    ('1', '2024-03-31', 'RESTATEMENT', 80, '2024-08-14 12:00Z', null),
    ('2', '2024-03-31', 'ORIGINAL', 40, '2024-05-10 20:00Z', null),
    ('2', '2024-03-31', 'NEW HOLDINGS', 20, '2024-08-15 12:00Z', null),
    ('1', '2024-06-30', 'ORIGINAL', 10, '2024-08-13 12:00Z', null)
) as given (cik, period_end, amendment_kind, table_usd, known_at, withdrawn_at);
-- given: curated.us_sessions
select session_date, sequence, closes_at
from curated.us_sessions
where session_date between '2024-08-12' and '2024-08-16';
-- expect: period_end, session_date, filed_usd, due_usd, coverage_frac, is_settled,
--     is_first_settled
values
('2024-06-30', '2024-08-12', 0, 100, 0, false, false),
('2024-06-30', '2024-08-13', 60, 100, 0.6, false, false),
('2024-06-30', '2024-08-14', 80, 120, 0.666667, false, false),
('2024-06-30', '2024-08-15', 80, 140, 0.571429, true, true),
('2024-06-30', '2024-08-16', 80, 140, 0.571429, true, false);

-- case: notices and odd days count for nothing, and a session that is not over is not told
-- span: 2024-07-01 2024-07-02T20:00Z
-- given: curated.filings
select *
from (
    values
    ('1', '2024-03-31', '13F-NT', 60, '2024-05-10 20:00Z'),
    ('2', '2024-03-30', '13F-HR', 60, '2024-05-10 20:00Z'),
    ('3', '2024-03-31', '13F-HR', 50, '2024-05-10 20:00Z')
) as given (cik, period_end, form_type, table_usd, known_at);
-- given: curated.us_sessions
select session_date, sequence, closes_at
from curated.us_sessions
where session_date between '2024-07-01' and '2024-07-03';
-- expect: period_end, session_date, due_usd
values
('2024-06-30', '2024-07-01', 50),
('2024-03-31', '2024-07-01', 0);
