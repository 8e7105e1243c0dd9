-- default: symbol = 'AAPL', security_id = 'AAPL', bar = '1m', session_date = '2024-03-01'
-- default: shares_date = '2024-03-01', volume = 100, close = 180

-- case: minutes add up by when they were told, those before the open and of the close are left out
-- given: curated.told_bars
select *
from (
    values
    ('2024-03-01 14:29Z', '2024-03-01 14:30Z', '1m'),
    ('2024-03-01 14:30Z', '2024-03-01 14:31Z', '1m'),
    ('2024-03-01 14:58Z', '2024-03-01 14:59Z', '1m'),
    ('2024-03-01 14:59Z', '2024-03-01 15:00Z', '1m'),
    ('2024-03-01 20:59Z', '2024-03-01 21:00Z', '1m'),
    ('2024-03-01 14:30Z', '2024-03-01 21:15Z', '1d')
) as given (starts_at, known_at, bar);
-- expect: symbol, session_date, half_hour, known_at, known_date, security_id, volume, value_usd
values
('AAPL', '2024-03-01', 0, '2024-03-01 14:59Z', '2024-03-01', 'AAPL', 200, 36_000),
('AAPL', '2024-03-01', 1, '2024-03-01 15:00Z', '2024-03-01', 'AAPL', 100, 18_000);

-- case: of a minute that is corrected within the half hour the last word counts
-- given: curated.told_bars
select *
from (
    values
    ('2024-03-01 14:40Z', '2024-03-01 14:41Z', '2024-03-01 14:42Z', 100),
    ('2024-03-01 14:40Z', '2024-03-01 14:42Z', null, 200),
    ('2024-03-01 14:50Z', '2024-03-01 14:51Z', '2024-03-01 15:00Z', 400)
) as given (starts_at, known_at, withdrawn_at, volume);
-- expect: half_hour, volume
values (0, 600);
