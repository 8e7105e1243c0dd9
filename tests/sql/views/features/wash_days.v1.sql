-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, known_date = '2024-08-08'

-- case: sizes are told by scale, first digit and zeros, and what comes back on the other side
-- given: features.crypto_prints
select *
from (
    values
    (1, '2024-08-08 12:00:00Z', 1, 1.23),
    (2, '2024-08-08 12:00:01Z', -1, 1.23),
    (3, '2024-08-08 12:00:01.1Z', -1, 1.23),
    (4, '2024-08-08 12:00:02.2Z', 1, 1.23),
    (5, '2024-08-08 12:00:02.3Z', -1, 300),
    (6, '2024-08-08 12:00:02.4Z', 1, 300),
    (7, '2024-08-08 12:00:02.5Z', 1, 0.00000001)
) as given (trade_id, known_at, side, size);
-- expect: venue, pair, known_date, size_bin, first_digit, n_zeros, known_at, n_trades, n_fine,
--     n_repeats, min_size, sum_ln_size
values
(
    'binance', 'BTC-USDT', '2024-08-08', 20, 1, 6, '2024-08-08 12:00:02.2Z', 4, 4, 1, 1.23,
    4 * round(ln(1.23), 9)
),
(
    'binance', 'BTC-USDT', '2024-08-08', 570, 3, 10, '2024-08-08 12:00:02.4Z', 2, 0, 0, 300,
    2 * round(ln(300), 9)
),
(
    'binance', 'BTC-USDT', '2024-08-08', -1843, 1, 0, '2024-08-08 12:00:02.5Z', 1, 0, 0,
    0.00000001, round(ln(0.00000001), 9)
);
