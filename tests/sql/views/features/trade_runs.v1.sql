-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false
-- default: known_date = '2024-08-08'

-- case: a run ends where the side turns and with the second
-- given: features.crypto_prints
select *
from (
    values
    (1, '2024-08-08 12:00:00.1Z', 1, 0.1),
    (2, '2024-08-08 12:00:00.1Z', 1, 0.2),
    (3, '2024-08-08 12:00:00.2Z', -1, 1.0),
    (4, '2024-08-08 12:00:00.9Z', 1, 0.4),
    (5, '2024-08-08 12:00:01Z', 1, 0.5)
) as given (trade_id, known_at, side, size);
-- expect: venue, pair, known_date, second_at, run, side, known_at, volume, n_trades
values
(
    'binance', 'BTC-USDT', '2024-08-08', '2024-08-08 12:00:00Z', 1, 1,
    '2024-08-08 12:00:00.1Z', 0.3, 2
),
(
    'binance', 'BTC-USDT', '2024-08-08', '2024-08-08 12:00:00Z', 2, -1,
    '2024-08-08 12:00:00.2Z', 1, 1
),
(
    'binance', 'BTC-USDT', '2024-08-08', '2024-08-08 12:00:00Z', 3, 1,
    '2024-08-08 12:00:00.9Z', 0.4, 1
),
(
    'binance', 'BTC-USDT', '2024-08-08', '2024-08-08 12:00:01Z', 1, 1,
    '2024-08-08 12:00:01Z', 0.5, 1
);
