-- default: symbol = 'AAPL', bar = '1m', session_date = '2024-03-01', open = 100

-- case: squares of the minutes' returns add up by half hour, in squared basis points
-- given: curated.told_bars
select *
from (
    values
    ('2024-03-01 14:30Z', '2024-03-01 14:31Z', 100 * exp(0.01), '1m', null),
    ('2024-03-01 14:58Z', '2024-03-01 14:59Z', 100 * exp(-0.02), '1m', null),
    ('2024-03-01 14:59Z', '2024-03-01 15:00Z', 100, '1m', null),
    ('2024-03-01 20:59Z', '2024-03-01 21:00Z', 100, '1m', null),
    ('2024-03-01 15:01Z', '2024-03-01 15:06Z', 200, '1m', null),
    ('2024-03-01 15:02Z', '2024-03-01 15:03Z', 200, '1m', '2024-03-01 15:04Z'),
    ('2024-03-01 14:29Z', '2024-03-01 14:30Z', 200, '1m', null),
    ('2024-03-01 21:00Z', '2024-03-01 21:01Z', 200, '1m', null),
    ('2024-03-01 14:30Z', '2024-03-01 21:15Z', 200, '1d', null)
) as given (starts_at, known_at, close, bar, withdrawn_at);
-- expect: symbol, session_date, half_hour, known_date, n_minutes, round(squares)
values
('AAPL', date '2024-03-01', 0, date '2024-03-01', 2, 50_000),
('AAPL', date '2024-03-01', 1, date '2024-03-01', 1, 0),
('AAPL', date '2024-03-01', 12, date '2024-03-01', 1, 0);
