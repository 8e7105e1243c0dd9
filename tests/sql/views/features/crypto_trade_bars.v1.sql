-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, side = 1

-- case: a minute opens with its first trade, closes with its last and parts what it sums by side
-- given: curated.crypto_trades
select
    *,
    price * size as notional
from (
    values
    (2, '2024-08-08 23:54:00.5Z', -1, 99.0, 2.0, '2024-08-08 23:54:01Z'),
    (1, '2024-08-08 23:54:00.5Z', 1, 100.0, 0.1, '2024-08-08 23:54:02Z'),
    (3, '2024-08-08 23:54:30Z', 1, 103.0, 0.2, '2024-08-08 23:54:30Z'),
    (4, '2024-08-08 23:54:59.999Z', 1, 101.0, 1.0, '2024-08-08 23:55:00Z'),
    (5, '2024-08-08 23:55:00Z', 1, 102.0, 1.0, '2024-08-08 23:55:01Z')
) as given (trade_id, traded_at, side, price, size, known_at);
-- expect: venue, pair, is_aggregate, bar_at, known_date, known_at, open, high, low, close, volume,
--     buy_notional, sell_notional, n_trades
values
(
    'binance', 'BTC-USDT', false, '2024-08-08 23:54Z', '2024-08-08', '2024-08-08 23:55Z',
    100, 103, 99, 101, 3.3, 131.6, 198, 4
),
(
    'binance', 'BTC-USDT', false, '2024-08-08 23:55Z', '2024-08-08', '2024-08-08 23:55:01Z',
    102, 102, 102, 102, 1, 102, 0, 1
);

-- case: aggregates and single trades are never added together
-- given: curated.crypto_trades
select
    *,
    100 as notional,
    1 as trade_id,
    100 as price,
    1 as size,
    '2024-08-08 23:54Z' as traded_at
from (
    values
    (false),
    (true)
) as given (is_aggregate);
-- expect: is_aggregate, n_trades, volume
values
(false, 1, 1),
(true, 1, 1);

-- case: what is told twice on a day counts once, and what became known the next day is apart
-- given: curated.crypto_trades
select
    *,
    100 as notional,
    100 as price,
    1 as size,
    '2024-08-08 23:59:59Z' as traded_at
from (
    values
    (1, '2024-08-08 23:59:58Z', '2024-08-08 23:59:59Z'),
    (1, '2024-08-08 23:59:59Z', null),
    (2, '2024-08-08 23:59:59Z', '2024-08-10 09:05Z'),
    (3, '2024-08-09 00:00Z', null)
) as given (trade_id, known_at, withdrawn_at);
-- expect: bar_at, known_date, n_trades
values
('2024-08-08 23:59Z', '2024-08-08', 2),
('2024-08-08 23:59Z', '2024-08-09', 1);
