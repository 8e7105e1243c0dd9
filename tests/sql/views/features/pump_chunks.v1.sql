-- default: venue = 'binance', pair = 'PPT-BTC', is_aggregate = false, side = 1
-- default: known_date = '2024-08-08', notional = 10

-- case: two buys of one millisecond are one rush order, sells and single ones are none
-- given: features.crypto_prints
select
    *,
    traded_at + interval 1 millisecond as known_at
from (
    values
    (1, timestamptz '2024-08-08 12:00:25.001300Z', 1, 1.0, 10),
    (2, '2024-08-08 12:00:25.001900Z', 1, 1.2, 20),
    (3, '2024-08-08 12:00:25.001900Z', 1, 1.1, 30),
    (4, '2024-08-08 12:00:25.003000Z', 1, 1.3, 40),
    (5, '2024-08-08 12:00:26.000000Z', -1, 1.9, 50),
    (6, '2024-08-08 12:00:26.000000Z', -1, 1.8, 60),
    (7, '2024-08-08 12:00:49.998999Z', 1, 1.4, 70),
    (8, '2024-08-08 12:00:49.999000Z', -1, 1.0, 80)
) as given (trade_id, traded_at, side, price, size);
-- expect: venue, pair, known_date, chunk_at, known_at, last_price, volume, notional, n_trades,
--     n_buys, buy_volume, rush_orders, sum_buy_price, buy_high
values
(
    'binance', 'PPT-BTC', '2024-08-08', '2024-08-08 12:00:25Z', '2024-08-08 12:00:49.999999Z',
    1.4, 280, 70, 7, 5, 170, 1, 6.0, 1.4
),
(
    'binance', 'PPT-BTC', '2024-08-08', '2024-08-08 12:00:50Z', '2024-08-08 12:00:50Z',
    1.0, 80, 10, 1, 0, 0, 0, 0, null
);
