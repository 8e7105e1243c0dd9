-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, price = 100.0
-- default: size = 0, prev_size = 1, is_snapshot = false, exchange_at = null, sequence = 1
-- default: best_bid = 100.0, best_ask = 102.0, mid = 101.0, update_id = 1
-- default: is_aggregate = false, traded_at = '2024-08-08 12:00:00Z', side = -1, trade_id = 1

-- case: a level comes, grows, shrinks and goes, each told 250 ms later
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:00:00Z' as exchange_at,
    7.5 as bid_size_200bps
from (
    values
    (1, 2, 0, '2024-08-08 12:00:00.1Z'),
    (2, 5, 2, '2024-08-08 12:00:00.2Z'),
    (3, 4.5, 5, '2024-08-08 12:00:00.3Z'),
    (4, 0, 4.5, '2024-08-08 12:00:00.4Z')
) as given (update_id, size, prev_size, known_at);
-- expect: venue, pair, happened_at, received_at, known_at, order_event, book_side, price, order_id,
--     size, prev_size, change_size, exec_size, cancel_size, notional, mid, dist_bps, band_bps,
--     bid_size_200bps, epoch, update_id
values
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:00.1Z',
    '2024-08-08 12:00:00.35Z', 'add', 1, 100.0, null, 2, 0, 2, null, null, 200, 101.0,
    99.009901, 50, 7.5, '160', 1
),
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:00.2Z',
    '2024-08-08 12:00:00.45Z', 'increase', 1, 100.0, null, 5, 2, 3, null, null, 300, 101.0,
    99.009901, 50, 7.5, '160', 2
),
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:00.3Z',
    '2024-08-08 12:00:00.55Z', 'decrease', 1, 100.0, null, 4.5, 5, 0.5, 0, 0.5, 50, 101.0,
    99.009901, 50, 7.5, '160', 3
),
(
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:00:00.4Z',
    '2024-08-08 12:00:00.65Z', 'remove', 1, 100.0, null, 0, 4.5, 4.5, 0, 4.5, 450, 101.0,
    99.009901, 50, 7.5, '160', 4
);

-- case: trades of the other aggressor at that price within 250 ms are what left
-- given: curated.book_updates
select
    *,
    100 + update_id as price,
    10 as prev_size,
    4 as size,
    '2024-08-08 12:00:01Z' as known_at
from (
    values
    (1, 1),
    (2, 1),
    (3, 1),
    (4, 1),
    (5, 1),
    (6, 1),
    (7, -1)
) as given (update_id, book_side);
-- given: curated.crypto_trades
select *
from (
    values
    (1, 101, -1, 6, '2024-08-08 12:00:00.75Z'),
    (2, 102, -1, 2, '2024-08-08 12:00:01.25Z'),
    (3, 103, -1, 99, '2024-08-08 12:00:01Z'),
    (4, 104, 1, 6, '2024-08-08 12:00:01Z'),
    (5, 105, -1, 6, '2024-08-08 12:00:00.749999Z'),
    (6, 106, -1, 6, '2024-08-08 12:00:01.250001Z'),
    (7, 107, 1, 1, '2024-08-08 12:00:01Z')
) as given (trade_id, price, side, size, known_at);
-- expect: price, exec_size, cancel_size
values
(101, 6, 0),
(102, 2, 4),
(103, 6, 0),
(104, 0, 6),
(105, 0, 6),
(106, 0, 6),
(107, 1, 5);

-- case: one trade pays for one removal, the first one, while moves follow within 250 ms
-- given: curated.book_updates
select *
from (
    values
    (1, 10, 7, '2024-08-08 12:00:01.0Z'),
    (2, 7, 5, '2024-08-08 12:00:01.1Z'),
    (3, 5, 0, '2024-08-08 12:00:01.2Z'),
    (4, 4, 0, '2024-08-08 12:00:01.450001Z')
) as given (update_id, prev_size, size, known_at);
-- given: curated.crypto_trades
select *
from (
    values
    (1, 4, '2024-08-08 12:00:01.0Z'),
    (2, 3, '2024-08-08 12:00:01.2Z')
) as given (trade_id, size, known_at);
-- expect: update_id, exec_size, cancel_size
values
(1, 3, 0),
(2, 2, 0),
(3, 2, 3),
(4, 0, 4);

-- case: a trade that came too late for one removal pays for the next
-- given: curated.book_updates
select *
from (
    values
    (1, 10, 7, '2024-08-08 12:00:01.0Z'),
    (2, 7, 4, '2024-08-08 12:00:01.1Z'),
    (3, 4, 0, '2024-08-08 12:00:01.3Z')
) as given (update_id, prev_size, size, known_at);
-- given: curated.crypto_trades
select
    8 as size,
    '2024-08-08 12:00:01.4Z' as known_at;
-- expect: update_id, exec_size, cancel_size
values
(1, 0, 3),
(2, 0, 3),
(3, 4, 0);

-- case: single trades and aggregates tell the same volume
-- given: curated.book_updates
select
    10 as prev_size,
    2 as size,
    '2024-08-08 12:00:01Z' as known_at;
-- given: curated.crypto_trades
select *
from (
    values
    (1, false, 2, '2024-08-08 12:00:01.0Z'),
    (2, false, 1, '2024-08-08 12:00:01.0Z'),
    (1, true, 3, '2024-08-08 12:00:01.1Z'),
    (2, true, 1, '2024-08-08 12:00:01.1Z')
) as given (trade_id, is_aggregate, size, known_at);
-- expect: exec_size, cancel_size
values (4, 4);

-- case: two orders at one price that go in one message are paid for by age
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:00:01Z' as known_at
from (
    values
    (12, 3),
    (11, 2),
    (13, 4)
) as given (order_id, prev_size);
-- given: curated.crypto_trades
select
    4 as size,
    '2024-08-08 12:00:01Z' as known_at;
-- expect: order_id, order_event, exec_size, cancel_size
values
(11, 'remove', 2, 0),
(12, 'remove', 2, 1),
(13, 'remove', 0, 4);

-- case: a chain goes on over a minute, and one that lasts a minute is cut at the next
-- given: curated.book_updates
select
    second_of as update_id,
    0.125 as size,
    timestamptz '2024-08-08 12:00:00Z' + second_of * interval 1 second as known_at
from (
    values (59.9), (60.1), (119.9), (120.1)
) as given (second_of);
-- given: curated.crypto_trades
select
    10 * second_of as trade_id,
    case second_of when 59.8 then 1.5 when 119.8 then 1.75 else 0.00000001 end as size,
    timestamptz '2024-08-08 12:00:00Z' + second_of * interval 1 second as traded_at
from (
    select generate_series / 10 as second_of
    from generate_series(598, 1202)
) as given (second_of);
-- expect: received_at, round(exec_size, 3)
values
('2024-08-08 12:00:59.9Z', 0.875),
('2024-08-08 12:01:00.1Z', 0.625),
('2024-08-08 12:01:59.9Z', 0.875),
('2024-08-08 12:02:00.1Z', 0);

-- case: two captures of one book are two books, and so are venues and pairs
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:00:01Z' as known_at
from (
    values
    ('binance', 'BTC-USDT', '160'),
    ('binance', 'BTC-USDT', '161'),
    ('binance', 'BTC-USDC', '160'),
    ('kraken', 'BTC-USDT', '160')
) as given (venue, pair, epoch);
-- given: curated.crypto_trades
select
    1 as size,
    '2024-08-08 12:00:01Z' as known_at;
-- expect: venue, pair, epoch, exec_size
values
('binance', 'BTC-USDC', '160', 0),
('binance', 'BTC-USDT', '160', 1),
('binance', 'BTC-USDT', '161', 1),
('kraken', 'BTC-USDT', '160', 0);

-- case: snapshots, what did not change and what is late or told again are no events
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:00:00Z' as exchange_at
from (
    values
    (1, true, 1, 0, '2024-08-08 12:00:00.1Z', null),
    (2, false, 1, 1, '2024-08-08 12:00:00.2Z', null),
    (3, false, 0, 1, '2024-08-08 12:01:00.000001Z', null),
    (4, false, 0, 3, '2024-08-08 12:00:00.3Z', '2024-08-08 12:00:30Z'),
    (4, false, 0, 4, '2024-08-08 12:00:30Z', null)
) as given (update_id, is_snapshot, size, prev_size, known_at, withdrawn_at);
-- given: curated.crypto_trades
select *
from (
    values
    (1, 2, '2024-08-08 12:00:00.3Z', '2024-08-08 12:00:00.5Z'),
    (1, 9, '2024-08-08 12:00:00.5Z', null),
    (2, 9, '2024-08-08 12:01:00.3Z', null)
) as given (trade_id, size, known_at, withdrawn_at);
-- expect: update_id, prev_size, exec_size
values (4, 3, 2);

-- case: bands lie from the mid outwards, and without a mid there is none
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:00:01Z' as known_at
from (
    values
    (1, 1, 99.91, 100.0),
    (2, 1, 99.9, 100.0),
    (3, 1, 99.5, 100.0),
    (4, 1, 98.0, 100.0),
    (5, -1, 99.9, 100.0),
    (6, -1, 100.4, 100.0),
    (7, -1, 150.0, 100.0),
    (8, -1, 150.0, null)
) as given (update_id, book_side, price, mid);
-- expect: update_id, dist_bps, band_bps
values
(1, 9, 0),
(2, 10, 10),
(3, 50, 50),
(4, 200, 200),
(5, -10, 0),
(6, 40, 10),
(7, 5000, 200),
(8, null, null);

-- case: prices are equal to eight decimals
-- given: curated.book_updates
select
    0.1 + 0.2 as price,
    '2024-08-08 12:00:01Z' as known_at;
-- given: curated.crypto_trades
select
    0.3 as price,
    1 as size,
    '2024-08-08 12:00:01Z' as known_at;
-- expect: exec_size
values (1);

-- case: a span sees the trade before it, and tells only what is over
-- span: 2024-08-08T12:00:01.2Z 2024-08-08T12:00:01.3Z
-- given: curated.book_updates
select *
from (
    values
    (1, 5, 4, '2024-08-08 12:00:00.9Z'),
    (2, 4, 3, '2024-08-08 12:00:01.0Z'),
    (3, 3, 2, '2024-08-08 12:00:01.05Z')
) as given (update_id, prev_size, size, known_at);
-- given: curated.crypto_trades
select
    1.5 as size,
    '2024-08-08 12:00:00.8Z' as known_at;
-- expect: update_id, exec_size
values (2, 0.5);
