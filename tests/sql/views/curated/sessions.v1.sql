-- case: the session before Memorial Day is the one before, and the tenth after has the last word
-- given: raw.sessions
select
    calendar, session_date, opens_at, closes_at, is_half_session, sequence, known_at
from raw.sessions
where calendar = 'XNYS' and session_date between '2019-05-22' and '2019-06-10';
-- expect: session_date, previous_date, late_at
values
('2019-05-22', null, '2019-06-06 20:00Z'),
('2019-05-23', '2019-05-22', '2019-06-07 20:00Z'),
('2019-05-24', '2019-05-23', '2019-06-10 20:00Z'),
('2019-05-28', '2019-05-24', null),
('2019-05-29', '2019-05-28', null),
('2019-05-30', '2019-05-29', null),
('2019-05-31', '2019-05-30', null),
('2019-06-03', '2019-05-31', null),
('2019-06-04', '2019-06-03', null),
('2019-06-05', '2019-06-04', null),
('2019-06-06', '2019-06-05', null),
('2019-06-07', '2019-06-06', null),
('2019-06-10', '2019-06-07', null);

-- case: each calendar has its own order, and a half session keeps its early close
-- given: raw.sessions
select
    *,
    '1970-01-01 00:00Z' as known_at
from (
    values
    ('XNYS', '2019-07-02', '2019-07-02 13:30Z', '2019-07-02 20:00Z', false, 100),
    ('XNYS', '2019-07-03', '2019-07-03 13:30Z', '2019-07-03 17:00Z', true, 101),
    ('CMES', '2019-07-04', '2019-07-03 22:00Z', '2019-07-04 17:00Z', true, 102)
) as given (calendar, session_date, opens_at, closes_at, is_half_session, sequence);
-- expect: calendar, session_date, sequence, opens_at, closes_at, is_half_session, previous_date
values
('XNYS', '2019-07-02', 100, '2019-07-02 13:30Z', '2019-07-02 20:00Z', false, null),
('XNYS', '2019-07-03', 101, '2019-07-03 13:30Z', '2019-07-03 17:00Z', true, '2019-07-02'),
('CMES', '2019-07-04', 102, '2019-07-03 22:00Z', '2019-07-04 17:00Z', true, null);

-- case: of markets that never close the session before is the day before, on a Monday too
-- given: raw.sessions
select
    calendar, session_date, opens_at, closes_at, is_half_session, sequence, known_at
from raw.sessions
where calendar = '24/7' and session_date between '2019-05-25' and '2019-06-06';
-- expect: session_date, previous_date, closes_at, late_at
select *
from (
    values
    ('2019-05-25', null, '2019-05-26 00:00Z', '2019-06-05 00:00Z'),
    ('2019-05-26', '2019-05-25', '2019-05-27 00:00Z', '2019-06-06 00:00Z'),
    ('2019-05-27', '2019-05-26', '2019-05-28 00:00Z', '2019-06-07 00:00Z'),
    ('2019-05-28', '2019-05-27', '2019-05-29 00:00Z', null),
    ('2019-05-29', '2019-05-28', '2019-05-30 00:00Z', null),
    ('2019-05-30', '2019-05-29', '2019-05-31 00:00Z', null),
    ('2019-05-31', '2019-05-30', '2019-06-01 00:00Z', null),
    ('2019-06-01', '2019-05-31', '2019-06-02 00:00Z', null),
    ('2019-06-02', '2019-06-01', '2019-06-03 00:00Z', null),
    ('2019-06-03', '2019-06-02', '2019-06-04 00:00Z', null),
    ('2019-06-04', '2019-06-03', '2019-06-05 00:00Z', null),
    ('2019-06-05', '2019-06-04', '2019-06-06 00:00Z', null),
    ('2019-06-06', '2019-06-05', '2019-06-07 00:00Z', null)
) as expected (session_date, previous_date, closes_at, late_at);

-- case: the newest publication of a session stands, and one that is gone is no session
-- given: raw.sessions
select
    *,
    'XNYS' as calendar,
    session_date || ' 14:30Z' as opens_at,
    '1970-01-01 00:00Z' as known_at
from (
    values
    ('2018-12-04', '2018-12-04 21:00Z', 10, '2018-01-01 00:00Z', 'a', false),
    ('2018-12-05', '2018-12-05 21:00Z', 11, '2018-01-01 00:00Z', 'a', false),
    ('2018-12-05', '2018-12-05 21:00Z', 11, '2018-12-02 00:00Z', 'b', true),
    ('2018-12-06', '2018-12-06 21:00Z', 12, '2018-01-01 00:00Z', 'a', false),
    ('2018-12-06', '2018-12-06 18:00Z', 11, '2018-12-02 00:00Z', 'b', false)
) as given (session_date, closes_at, sequence, recorded_at, load_id, is_gone);
-- expect: session_date, sequence, closes_at, previous_date
values
('2018-12-04', 10, '2018-12-04 21:00Z', null),
('2018-12-06', 11, '2018-12-06 18:00Z', '2018-12-04');
