-- default: venue = 'binance', pair = 'BTC-USDT', known_date = '2024-08-08', length_s = 1

-- case: bars are counted and added up by hour, length and how much flow they had, either way
-- given: features.book_flow_bars
select
    *,
    bar_at as known_at
from (
    values
    (1, '2024-08-08 22:00Z', 5.0),
    (1, '2024-08-08 22:30Z', 5.01),
    (1, '2024-08-08 22:31Z', -5.0),
    (1, '2024-08-08 22:32Z', 5.4),
    (1, '2024-08-08 22:33Z', 0.0),
    (1, '2024-08-08 23:00Z', 5.0),
    (10, '2024-08-08 22:00Z', 5.0)
) as given (length_s, bar_at, ofi);
-- expect: venue, pair, length_s, known_date, hour_at, bin, n_bars, sum_ofi, known_at
values
(
    'binance', 'BTC-USDT', 1, '2024-08-08', '2024-08-08 22:00Z', 446, 2, 10.01,
    '2024-08-08 22:30Z'
),
(
    'binance', 'BTC-USDT', 1, '2024-08-08', '2024-08-08 22:00Z', -446, 1, -5,
    '2024-08-08 22:31Z'
),
(
    'binance', 'BTC-USDT', 1, '2024-08-08', '2024-08-08 22:00Z', 448, 1, 5.4,
    '2024-08-08 22:32Z'
),
(
    'binance', 'BTC-USDT', 1, '2024-08-08', '2024-08-08 22:00Z', 0, 1, 0,
    '2024-08-08 22:33Z'
),
(
    'binance', 'BTC-USDT', 1, '2024-08-08', '2024-08-08 23:00Z', 446, 1, 5,
    '2024-08-08 23:00Z'
),
(
    'binance', 'BTC-USDT', 10, '2024-08-08', '2024-08-08 22:00Z', 446, 1, 5,
    '2024-08-08 22:00Z'
);
