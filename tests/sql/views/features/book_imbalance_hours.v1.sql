-- default: venue = 'binance', pair = 'BTC-USDT', known_date = '2024-08-08'

-- case: bars are counted by hour and hundredth of how far they lean, either way
-- given: features.book_bars
select
    *,
    bar_at as known_at
from (
    values
    ('2024-08-08 22:00Z', 0.29),
    ('2024-08-08 22:30Z', -0.2999),
    ('2024-08-08 22:59:59Z', 0.30),
    ('2024-08-08 23:00Z', -0.29),
    ('2024-08-08 23:00:01Z', 1.0),
    ('2024-08-08 23:00:02Z', -1.0),
    ('2024-08-08 23:00:03Z', 0.0),
    ('2024-08-08 23:00:04Z', null)
) as given (bar_at, obi);
-- expect: venue, pair, known_date, hour_at, bin, n_bars, known_at
values
('binance', 'BTC-USDT', '2024-08-08', '2024-08-08 22:00Z', 29, 2, '2024-08-08 22:30Z'),
('binance', 'BTC-USDT', '2024-08-08', '2024-08-08 22:00Z', 30, 1, '2024-08-08 22:59:59Z'),
('binance', 'BTC-USDT', '2024-08-08', '2024-08-08 23:00Z', 29, 1, '2024-08-08 23:00Z'),
('binance', 'BTC-USDT', '2024-08-08', '2024-08-08 23:00Z', 100, 2, '2024-08-08 23:00:02Z'),
('binance', 'BTC-USDT', '2024-08-08', '2024-08-08 23:00Z', 0, 1, '2024-08-08 23:00:03Z');
