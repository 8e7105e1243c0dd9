-- default: venue = 'binance', pair = 'BTC-USDT', is_aggregate = false, side = 1, price = 100
-- default: size = 0.1, notional = 10, sequence = 1

-- case: a trade that is told again counts where it was told first, however late the second is
-- given: curated.crypto_trades
select *
from (
    values
    (1, '2024-08-08 12:00:00Z', '2024-08-08 12:00:01Z', '2024-08-08 12:00:03Z', 0.1),
    (1, '2024-08-08 12:00:00Z', '2024-08-08 12:00:03Z', '2024-08-08 12:40:00Z', 0.2),
    (1, '2024-08-08 12:00:00Z', '2024-08-08 12:40:00Z', null, 0.3),
    (2, '2024-08-08 12:00:00Z', '2024-08-08 12:00:03Z', null, 0.4),
    (3, '2024-08-08 12:00:00Z', '2024-08-08 12:59:00.000001Z', null, 0.5)
) as given (trade_id, traded_at, known_at, withdrawn_at, size);
-- expect: venue, pair, traded_at, known_at, known_date, sequence, trade_id, is_aggregate, side,
--     price, size, notional
values
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:01Z', '2024-08-08', 1, 1,
    false, 1, 100, 0.1, 10
),
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:03Z', '2024-08-08', 1, 2,
    false, 1, 100, 0.4, 10
);

-- case: aggregates count only where no single trade came in the hour before, of that pair
-- given: curated.crypto_trades
select
    *,
    traded_at as known_at
from (
    values
    ('A', 1, true, '2024-08-08 11:59:59Z'),
    ('A', 2, false, '2024-08-08 12:00:00Z'),
    ('A', 2, true, '2024-08-08 12:00:00Z'),
    ('A', 3, true, '2024-08-08 13:00:00Z'),
    ('A', 4, true, '2024-08-08 13:00:00.001Z'),
    ('B', 5, true, '2024-08-08 12:00:00.001Z')
) as given (pair, trade_id, is_aggregate, traded_at);
-- expect: pair, trade_id, is_aggregate
values
('A', 1, true),
('A', 2, false),
('A', 4, true),
('B', 5, true);

-- case: an hour before the span is enough to know what is told again and which kind counts
-- span: 2024-08-08T12:30:00Z 2024-08-08T13:00:00Z
-- given: curated.crypto_trades
select *
from (
    values
    (1, false, '2024-08-08 11:40:00Z', '2024-08-08 11:40:00Z', '2024-08-08 12:35:00Z'),
    (1, false, '2024-08-08 11:40:00Z', '2024-08-08 12:35:00Z', null),
    (2, true, '2024-08-08 12:36:00Z', '2024-08-08 12:36:00Z', null),
    (3, true, '2024-08-08 12:41:00Z', '2024-08-08 12:41:00Z', null)
) as given (trade_id, is_aggregate, traded_at, known_at, withdrawn_at);
-- expect: trade_id
values (3);
