-- default: underlying = 'AAPL', calendar = 'XNYS'

-- case: of a history from 10 to 30, today's 25 has rank 75 and is above 71.43 percent
-- param: min_sessions = 20
-- span: 2024-03-04 2024-03-05
-- given: features.iv30
select
    session_date,
    sequence,
    closes_at,
    closes_at as known_at,
    case
        when session_date = '2024-03-04' then 0.25
        else 0.09 + 0.01 * row_number() over (order by session_date)
    end as iv30
from curated.us_sessions
where session_date between '2024-02-01' and '2024-03-04';
-- expect: underlying, session_date, known_at, withdrawn_at, iv30, iv_rank,
--     round(iv_percentile, 2), n_sessions, min_iv30, max_iv30, calendar, closes_at
values (
    'AAPL', '2024-03-04', '2024-03-04 21:00Z', null, 0.25, 75, 71.43, 21, 0.1, 0.3, 'XNYS',
    '2024-03-04 21:00Z'
);

-- case: half a year is enough, a session less is not, and a year is 252
-- span: 2024-03-04 2024-03-05
-- given: features.iv30
select
    given.underlying,
    sessions.session_date,
    sessions.sequence,
    sessions.closes_at,
    sessions.closes_at as known_at,
    case when sessions.session_date < '2023-03-02' then 0.9 else 0.2 end
    + case when sessions.session_date = '2024-03-04' then 0.1 else 0 end
    + sessions.sequence % 2 * 0.01 as iv30
from curated.us_sessions as sessions
cross join (
    values ('125', '2023-09-01'), ('126', '2023-08-31'), ('252', '2022-01-03')
) as given (underlying, since)
where sessions.session_date between cast(given.since as date) and '2024-03-04';
-- expect: underlying, n_sessions, iv_rank, iv_percentile, max_iv30
values
('125', 125, null, null, 0.21),
('126', 126, 1_100, 100, 0.21),
('252', 252, 1_100, 100, 0.21);

-- case: where the year was all alike there is no rank, and nothing was lower
-- param: min_sessions = 2
-- given: features.iv30
select
    session_date,
    sequence,
    closes_at as known_at,
    0.2 as iv30
from curated.us_sessions
where session_date between '2024-02-28' and '2024-03-04';
-- expect: session_date, n_sessions, iv_rank, iv_percentile
values
('2024-02-28', 0, null, null),
('2024-02-29', 1, null, null),
('2024-03-01', 2, null, 0),
('2024-03-04', 3, null, 0);

-- case: each year is of what stood when the row became known, and of no other underlying
-- param: min_sessions = 1
-- given: features.iv30
select
    given.underlying, given.iv30, given.known_at, given.withdrawn_at,
    sessions.session_date, sessions.sequence
from (
    values
    ('AAPL', '2024-03-01', 0.20, '2024-03-01 15:00Z', '2024-03-01 21:30Z'),
    ('AAPL', '2024-03-01', 0.30, '2024-03-01 21:30Z', '2024-03-05 12:00Z'),
    ('AAPL', '2024-03-01', 0.10, '2024-03-05 12:00Z', null),
    ('MSFT', '2024-03-01', 0.05, '2024-03-01 21:30Z', null),
    ('AAPL', '2024-03-04', 0.25, '2024-03-04 21:30Z', null),
    ('AAPL', '2024-03-05', 0.25, '2024-03-05 21:30Z', null),
    ('AAPL', '2024-03-06', null, '2024-03-06 21:30Z', null)
) as given (underlying, session_date, iv30, known_at, withdrawn_at)
inner join curated.us_sessions as sessions on given.session_date = sessions.session_date
where given.underlying = 'AAPL' or given.underlying = 'MSFT';
-- expect: underlying, session_date, known_at, min_iv30, max_iv30, iv_percentile
values
('AAPL', '2024-03-01', '2024-03-01 15:00Z', null, null, null),
('AAPL', '2024-03-01', '2024-03-01 21:30Z', null, null, null),
('AAPL', '2024-03-01', '2024-03-05 12:00Z', null, null, null),
('MSFT', '2024-03-01', '2024-03-01 21:30Z', null, null, null),
('AAPL', '2024-03-04', '2024-03-04 21:30Z', 0.3, 0.3, 0),
('AAPL', '2024-03-05', '2024-03-05 21:30Z', 0.1, 0.25, 50);

-- case: 263 sessions before the span hold the year of a row that is ten sessions late
-- span: 2024-03-18T20:00Z 2024-03-19
-- given: features.iv30
select
    session_date,
    sequence,
    case
        when session_date = '2024-03-04' then timestamptz '2024-03-18 20:00Z'
        else closes_at
    end as known_at,
    0.2 as iv30
from curated.us_sessions
where session_date between '2022-01-03' and '2024-03-04';
-- expect: session_date, n_sessions
values ('2024-03-04', 252);
