-- default: underlying = 'AAPL', put_call = 'call', n_trades = 1, near_volume = 0
-- default: zero_dte_volume = 0

-- case: each session that is over is a list of what stood at each of its marks
-- span: 2024-02-28 14:30Z 2024-03-01 15:01Z
-- given: features.option_half_hours
select
    *,
    session_date as known_date
from (
    values
    ('2024-02-28', '2024-02-28 14:31Z', -1, 1, 1, 0),
    ('2024-02-28', '2024-02-28 14:31Z', 0, 2, 0, 0),
    ('2024-02-28', '2024-02-28 16:01Z', 3, 4, 0, 0),
    ('2024-02-28', '2024-02-28 20:59Z', 12, 8, 2, 1),
    ('2024-02-28', '2024-02-28 21:10Z', 13, 16, 0, 0),
    ('2024-03-01', '2024-03-01 14:31Z', 0, 99, 0, 0)
) as given (session_date, known_at, half_hour, volume, near_volume, zero_dte_volume);
-- expect: session_date, known_at, underlying, put_call, term, volumes
values
(
    '2024-02-28', '2024-02-28 21:00Z', 'AAPL', 'call', 'all',
    [3, 3, 3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 15]
),
(
    '2024-02-28', '2024-02-28 21:00Z', 'AAPL', 'call', 'near',
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3]
),
(
    '2024-02-28', '2024-02-28 21:00Z', 'AAPL', 'call', '0dte',
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
);

-- case: a span without a mark looks back to nothing
-- span: 2024-03-01 15:01Z 2024-03-01 15:29Z
-- given: features.option_half_hours
select
    '2024-02-28' as session_date,
    '2024-02-28 15:00Z' as known_at,
    0 as half_hour,
    1 as volume;
-- expect: nothing

-- case: of 0-DTE a year is held, of the rest what a median of 60 sessions can ask for
-- param: reach_sessions = 2
-- param: zero_dte_reach_sessions = 3
-- given: features.option_half_hours
select
    *,
    session_date as known_date,
    0 as half_hour,
    5 as volume
from (
    values
    ('2024-02-27', '2024-02-27 14:31Z', 1),
    ('2024-02-28', '2024-02-28 14:31Z', 1),
    ('2024-02-29', '2024-02-29 14:31Z', 0),
    ('2024-03-01', '2024-03-01 14:31Z', 1)
) as given (session_date, known_at, zero_dte_volume);
-- expect: session_date, term, volumes[1]
values
('2024-02-27', 'all', 5), ('2024-02-27', '0dte', 1),
('2024-02-28', 'all', 5), ('2024-02-28', '0dte', 1),
('2024-02-29', 'all', 5),
('2024-03-01', 'all', 5), ('2024-03-01', '0dte', 1);
