-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, side = 1
-- default: known_date = '2024-08-08'

-- case: an hour is what became known in it, from the first of that to the last
-- given: features.crypto_prints
select *
from (
    values
    (2, '2024-08-08 12:30Z', 101.0, 0.2, 20.2),
    (1, '2024-08-08 12:10Z', 100.0, 0.1, 10.0),
    (3, '2024-08-08 13:00Z', 99.0, 0.3, 29.7)
) as given (trade_id, known_at, price, size, notional);
-- expect: venue, pair, known_date, hour_at, known_at, volume, notional, last_price, n_trades,
--     first_known_at
values
(
    'binance', 'BTC-USDT', '2024-08-08', '2024-08-08 12:00Z', '2024-08-08 12:30Z',
    0.3, 30.2, 101, 2, '2024-08-08 12:10Z'
),
(
    'binance', 'BTC-USDT', '2024-08-08', '2024-08-08 13:00Z', '2024-08-08 13:00Z',
    0.3, 29.7, 99, 1, '2024-08-08 13:00Z'
);
