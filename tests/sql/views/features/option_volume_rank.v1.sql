-- default: underlying = 'AAPL', put_call = 'call', term = 'all', premium_usd = 1_000_000, mark = 2
-- default: half_hour = 1, near_volume = 0

-- case: the percentile is the share below and half of the equal ones, as in the rule book
-- param: rank_sessions = 20
-- given: features.option_marks
select
    session_date,
    known_at,
    (nth * 7_919) % 101 as volume,
    place
from (
    select
        session_date,
        opens_at + interval 1 hour as known_at,
        row_number() over (order by sequence) as place,
        row_number() over (order by sequence) - (
            select count(*)
            from curated.us_sessions as earlier
            where earlier.session_date < '2024-01-02' and not earlier.is_half_session
        ) as nth
    from curated.us_sessions
    where not is_half_session
) as numbered
where nth between 58 and 60;
-- given: features.option_half_hours
select
    session_date,
    opens_at + interval 31 minutes as known_at,
    (row_number() over (order by sequence) * 7_919) % 101 as volume
from curated.us_sessions
where session_date between '2024-01-02' and '2024-03-27';
-- expect: volume, n_obs, pr252
select
    (nth * 7_919) % 101 as volume,
    20 as n_obs,
    pr
from (
    values
    (58, 0.6), (59, 1.0), (60, 0.4)
) as given (nth, pr);

-- case: all equal is the middle, and below 20 sessions nothing is said
-- given: features.option_marks
select
    *,
    5 as volume
from (
    values
    ('AAPL', '2024-02-02', '2024-02-02 15:30Z', 8_517),
    ('MSFT', '2024-02-02', '2024-02-02 15:30Z', 8_517)
) as given (underlying, session_date, known_at, place);
-- given: features.option_half_hours
select
    given.underlying,
    sessions.session_date,
    sessions.opens_at + interval 1 minutes as known_at,
    5 as volume
from curated.us_sessions as sessions
inner join (values ('AAPL', date '2024-01-01'), ('MSFT', date '2024-01-10')) as given (
    underlying, since
) on sessions.session_date > given.since
where sessions.session_date < '2024-02-02';
-- expect: underlying, n_obs, pr252
values
('AAPL', 22, 0.5),
('MSFT', 15, null);

-- case: a session without trades is less than any volume, one that the store lacks is none
-- param: min_obs = 1
-- given: features.option_marks
select
    '2024-02-02' as session_date,
    '2024-02-02 15:30Z' as known_at,
    8_517 as place,
    5 as volume;
-- given: features.option_half_hours
select
    *,
    timezone('UTC', session_date + interval 15 hours) as known_at
from (
    values
    ('AAPL', date '2024-01-25', 0, 9),
    ('MSFT', date '2024-01-26', 0, 9),
    ('AAPL', date '2024-01-30', 0, 5),
    ('AAPL', date '2024-01-31', 3, 2),
    ('MSFT', date '2024-01-24', 0, 9)
) as given (underlying, session_date, half_hour, volume);
-- expect: n_obs, pr252
values (4, 0.625);

-- case: near volume is ranked among near volume
-- param: min_obs = 1
-- given: features.option_marks
select
    '2024-02-02' as session_date,
    '2024-02-02 15:30Z' as known_at,
    8_517 as place,
    'near' as term,
    5 as volume;
-- given: features.option_half_hours
select
    *,
    timezone('UTC', session_date + interval 15 hours) as known_at
from (
    values
    (date '2024-01-30', 100, 4),
    (date '2024-01-31', 100, 0)
) as given (session_date, volume, near_volume);
-- expect: n_obs, pr252
values (2, 1);

-- case: what expires that day is not ranked, and a span without a mark ranks nothing
-- span: 2024-02-02 15:00:01Z 2024-02-02 15:29Z
-- given: features.option_marks
select
    *,
    '2024-02-02' as session_date,
    '2024-02-02 15:30Z' as known_at,
    8_517 as place,
    5 as volume
from (
    values
    ('0dte'), ('all')
) as given (term);
-- expect: nothing
