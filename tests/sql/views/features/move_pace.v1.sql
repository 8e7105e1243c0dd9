-- default: symbol = 'AAPL', n_minutes = 30

-- case: a half hour that is four times as lively as the other has twice its volatility; of ten
--     sessions before, half ones left out
-- span: 2024-03-01 2024-03-02
-- given: features.move_half_hours
select
    sessions.session_date, halves.half_hour,
    timezone('UTC', sessions.session_date + interval 1260 minutes) as known_at,
    case when sessions.session_date = '2024-03-01' then 1_000_000 else halves.squares end as squares
from curated.us_sessions as sessions
cross join (values (0, 16_000), (1, 4_000)) as halves (half_hour, squares)
where sessions.session_date between '2024-02-15' and '2024-03-01';
-- expect: symbol, session_date, half_hour, known_at, n_sessions, pace
values
('AAPL', date '2024-03-01', 0, timestamptz '2024-03-01 14:30Z', 10, round(sqrt(1.6), 6)),
('AAPL', date '2024-03-01', 1, timestamptz '2024-03-01 14:30Z', 10, round(sqrt(0.4), 6));

-- case: below ten sessions nothing is usual, and a half session is none
-- span: 2023-11-27 2023-11-28
-- given: features.move_half_hours
select
    session_date,
    0 as half_hour,
    100 as squares,
    timezone('UTC', session_date + interval 1260 minutes) as known_at
from curated.us_sessions
where session_date between '2023-11-13' and '2023-11-24';
-- expect: session_date, half_hour, n_sessions, pace
values (date '2023-11-27', 0, 8, null);
