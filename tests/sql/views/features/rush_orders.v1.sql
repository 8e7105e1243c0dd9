-- default: venue = 'binance', pair = 'PPT-BTC', known_date = '2024-08-08', n_trades = 9

-- case: each figure is the change of a mean or standard deviation since the chunk before
-- given: features.pump_chunks
select
    *,
    chunk_at as known_at
from (
    values
    ('2024-08-08 12:00:00Z', 2, 0, 10, 4.0, 2.0),
    ('2024-08-08 12:00:25Z', 4, 2, 30, 8.0, 3.0),
    ('2024-08-08 12:00:50Z', 0, 0, 0, 0, null),
    ('2024-08-08 12:01:15Z', 9, 7, 80, 45.0, 7.0)
) as given (chunk_at, n_buys, rush_orders, buy_volume, sum_buy_price, buy_high);
-- expect: venue, pair, chunk_at, known_at, rush_orders, n_chunks, avg_rushes, std_rush_orders,
--     avg_rush_orders, std_trades, std_volume, avg_volume, std_price, avg_price, avg_price_max
values
(
    'binance', 'PPT-BTC', '2024-08-08 12:00:00Z', '2024-08-08 12:00:25Z', 0, 1, 0,
    null, null, null, null, null, null, null, null
),
(
    'binance', 'PPT-BTC', '2024-08-08 12:00:25Z', '2024-08-08 12:00:50Z', 2, 2, 1,
    null, null, null, null, 1, null, 0, 0.25
),
-- Of 0, 2 and 7: mean 3, standard deviation sqrt(13) after sqrt(2).
(
    'binance', 'PPT-BTC', '2024-08-08 12:01:15Z', '2024-08-08 12:01:40Z', 7, 3, 3,
    round(sqrt(6.5) - 1, 6), 2, round(sqrt(6.5) - 1, 6), round(sqrt(6.5) - 1, 6), 1, null, 0.5, 0.6
);

-- case: seven hours are the window, and the chunk before must lie in it
-- given: features.pump_chunks
select
    *,
    1 as n_buys,
    0 as rush_orders,
    1 as sum_buy_price,
    1 as buy_high,
    chunk_at as known_at
from (
    values
    ('2024-08-08 00:00:00Z', 1),
    ('2024-08-08 06:59:35Z', 3),
    ('2024-08-08 07:00:00Z', 5),
    ('2024-08-08 14:00:00Z', 5)
) as given (chunk_at, buy_volume);
-- expect: chunk_at, n_chunks, avg_volume
values
('2024-08-08 00:00:00Z', 1, null),
('2024-08-08 06:59:35Z', 2, 1),
('2024-08-08 07:00:00Z', 2, 1),
('2024-08-08 14:00:00Z', 1, null);

-- case: fifteen hours before the span are enough
-- span: 2024-08-08T14:00:30Z 2024-08-08T15:00:00Z
-- given: features.pump_chunks
select
    *,
    1 as n_buys,
    0 as rush_orders,
    1 as sum_buy_price,
    1 as buy_high,
    chunk_at as known_at
from (
    values
    ('2024-08-08 00:30:00Z', 1),
    ('2024-08-08 07:25:00Z', 3),
    ('2024-08-08 14:00:50Z', 3)
) as given (chunk_at, buy_volume);
-- expect: chunk_at, n_chunks, avg_volume
values ('2024-08-08 14:00:50Z', 2, 0.5);
