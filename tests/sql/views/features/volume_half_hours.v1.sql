-- default: shares_date = '2024-03-01'
-- default: symbol = 'AAPL', security_id = 'AAPL', bar = '1m', session_date = '2024-03-01'
-- default: volume = 100, close = 180

-- case: minutes of a half hour add up, those before the open and after the last mark are left out
-- given: curated.told_bars
select *
from (
    values
    ('2024-03-01 14:29Z', '2024-03-01 14:30Z', '1m'),
    ('2024-03-01 14:30Z', '2024-03-01 14:31Z', '1m'),
    ('2024-03-01 14:59Z', '2024-03-01 15:00Z', '1m'),
    ('2024-03-01 15:00Z', '2024-03-01 15:01Z', '1m'),
    ('2024-03-01 20:59Z', '2024-03-01 21:00Z', '1m'),
    ('2024-03-01 14:30Z', '2024-03-01 21:15Z', '1d')
) as given (starts_at, known_at, bar);
-- expect: symbol, session_date, half_hour, known_at, known_date, security_id, volume, value_usd
values
('AAPL', '2024-03-01', 1, '2024-03-01 15:01Z', '2024-03-01', 'AAPL', 200, 36_000),
('AAPL', '2024-03-01', 2, '2024-03-01 15:31Z', '2024-03-01', 'AAPL', 100, 18_000);

-- case: what is told or corrected after the minute is as if it had not been
-- given: curated.told_bars
select *
from (
    values
    ('2024-03-01 14:58Z', '2024-03-01 14:59Z', '2024-03-01 15:01Z', 100),
    ('2024-03-01 14:58Z', '2024-03-01 15:01Z', null, 200),
    ('2024-03-01 14:59Z', '2024-03-01 15:00Z', '2024-03-01 15:02Z', 400),
    ('2024-03-01 14:59Z', '2024-03-01 15:02Z', null, 800)
) as given (starts_at, known_at, withdrawn_at, volume);
-- expect: half_hour, volume
values (1, 600);
