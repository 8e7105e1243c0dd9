-- case: only the sessions of New York are there, as they are
-- given: curated.sessions
select
    *,
    '2019-07-02 13:30Z' as opens_at,
    '2019-07-17 20:00Z' as late_at
from (
    values
    ('XNYS', '2019-07-03', 101, '2019-07-03 17:00Z', true, '2019-07-02'),
    ('CMES', '2019-07-03', 102, '2019-07-03 17:00Z', true, '2019-07-02'),
    ('24/7', '2019-07-03', 103, '2019-07-04 00:00Z', false, '2019-07-02')
) as given (calendar, session_date, sequence, closes_at, is_half_session, previous_date);
-- expect: session_date, sequence, opens_at, closes_at, is_half_session, previous_date, late_at
values (
    '2019-07-03', 101, '2019-07-02 13:30Z', '2019-07-03 17:00Z', true, '2019-07-02',
    '2019-07-17 20:00Z'
);
