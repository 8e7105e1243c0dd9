-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, price = 100.0
-- default: size = 2, prev_size = 1, is_snapshot = false, exchange_at = null, sequence = 1
-- default: is_aggregate = false, traded_at = '2024-08-08 12:00:00Z', side = 1, trade_id = 1

-- case: messages are counted by their ids, levels by whether they grew or shrank
-- given: curated.book_updates
select *
from (
    values
    (1, 100.0, 0, 1, '2024-08-08 12:00:00.1Z'),
    (1, 99.9, 1, 0, '2024-08-08 12:00:00.1Z'),
    (2, 99.8, 1, 2, '2024-08-08 12:00:00.2Z'),
    (2, 99.7, 2, 2, '2024-08-08 12:00:00.2Z'),
    (3, 99.9, 0, 1, '2024-08-08 12:00:00.999999Z'),
    (4, 99.9, 1, 0, '2024-08-08 12:00:01Z')
) as given (update_id, price, size, prev_size, known_at);
-- given: curated.crypto_trades
select *
from (
    values
    (1, false, '2024-08-08 12:00:00.3Z'),
    (2, false, '2024-08-08 12:00:00.3Z'),
    (1, true, '2024-08-08 12:00:00.4Z'),
    (3, false, '2024-08-08 12:00:05Z')
) as given (trade_id, is_aggregate, known_at);
-- expect: venue, pair, bar_at, known_date, known_at, n_messages, n_adds, n_removals, n_trades,
--     epoch
values
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08',
    '2024-08-08 12:00:00.999999Z', 3, 1, 3, 2, '160'
),
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:01Z', '2024-08-08',
    '2024-08-08 12:00:01Z', 1, 1, 0, 0, '160'
);

-- case: a snapshot is no message, and of two epochs in a second the last one counts
-- given: curated.book_updates
select *
from (
    values
    ('160', 8, false, '2024-08-08 12:00:00.1Z'),
    ('160', 9, false, '2024-08-08 12:00:00.2Z'),
    ('170', 12, true, '2024-08-08 12:00:00.8Z'),
    ('170', 13, false, '2024-08-08 12:00:00.9Z')
) as given (epoch, update_id, is_snapshot, known_at);
-- expect: n_messages, epoch
values (1, '170');

-- case: what a corrected capture tells two days later is no message of that second
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:00:00Z' as exchange_at
from (
    values
    (1, '2024-08-08 12:00:00.1Z'),
    (2, '2024-08-10 12:00:00.1Z')
) as given (update_id, known_at);
-- given: curated.crypto_trades
select '2024-08-08 12:02:00Z' as known_at;
-- expect: bar_at, n_messages, n_trades
values ('2024-08-08 12:00:00Z', 1, 0);

-- case: pairs and venues have seconds of their own
-- given: curated.book_updates
select
    *,
    1 as update_id,
    '2024-08-08 12:00:00Z' as known_at
from (
    values
    ('binance', 'BTC-USDT'),
    ('binance', 'ETH-USDT'),
    ('kraken', 'BTC-USDT')
) as given (venue, pair);
-- given: curated.crypto_trades
select
    'ETH-USDT' as pair,
    '2024-08-08 12:00:00Z' as known_at;
-- expect: venue, pair, n_messages, n_trades
values
('binance', 'BTC-USDT', 1, 0),
('binance', 'ETH-USDT', 1, 1),
('kraken', 'BTC-USDT', 1, 0);
