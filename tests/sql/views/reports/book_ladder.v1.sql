-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, is_snapshot = false
-- default: sequence = 1, exchange_at = null, best_bid = 99, best_ask = 101, mid = 100
-- default: bid_size_all = 10, ask_size_all = 8, update_id = 1, channel = 'book', reason = 'gap'
-- default: n_dropped = 0

-- case: the last size of each level stands, the best one first, and what is gone does not
-- given: curated.book_updates
select *
from (
    values
    (1, true, 1, 99.0, 4.0, '2024-08-08 12:00:00Z'),
    (1, true, 1, 98.0, 6.0, '2024-08-08 12:00:00Z'),
    (1, true, -1, 101.0, 5.0, '2024-08-08 12:00:00Z'),
    (1, true, -1, 102.0, 3.0, '2024-08-08 12:00:00Z'),
    (2, false, 1, 99.0, 0.0, '2024-08-08 12:00:01Z'),
    (2, false, 1, 98.5, 4.0, '2024-08-08 12:00:01Z'),
    (3, false, -1, 102.0, 2.0, '2024-08-08 12:00:02Z'),
    (4, false, -1, 102.0, 3.0, '2024-08-08 12:00:02Z')
) as given (update_id, is_snapshot, book_side, price, size, known_at);
-- expect: book_side, level_number, price, size, n_orders, cum_size, dist_bps, share_frac, notional,
--     changed_at, book_at, is_in_sync, is_whole, seen_frac, epoch
values
(
    1, 1, 98.5, 4, null, 4, 150, 0.4, 394, '2024-08-08 12:00:01Z', '2024-08-08 12:00:02Z', true,
    true, 1, '160'
),
(
    1, 2, 98, 6, null, 10, 200, 0.6, 588, '2024-08-08 12:00:00Z', '2024-08-08 12:00:02Z', true,
    true, 1, '160'
),
(
    -1, 1, 101, 5, null, 5, 100, 0.625, 505, '2024-08-08 12:00:00Z', '2024-08-08 12:00:02Z', true,
    true, 1, '160'
),
(
    -1, 2, 102, 3, null, 8, 200, 0.375, 306, '2024-08-08 12:00:02Z', '2024-08-08 12:00:02Z', true,
    true, 1, '160'
);

-- case: orders of one price are one level, and one that changes its price goes with it
-- given: curated.book_updates
select
    *,
    timestamptz '2024-08-08 12:00:00Z' + interval (update_id) seconds as known_at
from (
    values
    (1, 7, 99.0, 0.1),
    (1, 8, 99.0, 0.2),
    (1, 9, 98.0, 1.5),
    (2, 9, 98.0, 0.0),
    (2, 9, 99.0, 1.5),
    (3, 8, 99.0, 0.0)
) as given (update_id, order_id, price, size);
-- expect: level_number, price, size, n_orders, changed_at
values (1, 99, 1.6, 2, '2024-08-08 12:00:03Z');

-- case: only the newest epoch stands, with as many levels as the parameter says
-- param: max_levels = 2
-- given: curated.book_updates
select
    *,
    1 as size
from (
    values
    ('160', 99.9, '2024-08-08 12:00:00Z'),
    ('170', 97.0, '2024-08-08 12:00:05Z'),
    ('170', 98.0, '2024-08-08 12:00:05Z'),
    ('170', 99.0, '2024-08-08 12:00:05Z')
) as given (epoch, price, known_at);
-- expect: level_number, price, cum_size, seen_frac, epoch
values (1, 99, 1, 0.3, '170'), (2, 98, 2, 0.3, '170');

-- case: where the snapshot lies before what is opened, it says how little is seen
-- span: 2024-08-08T14:00:00Z 2024-08-08T15:00:00Z
-- given: curated.book_updates
select *
from (
    values
    (true, 98.0, 6.0, '2024-08-08 12:59:59Z'),
    (false, 99.0, 4.0, '2024-08-08 13:00:00Z'),
    (false, 97.0, 5.0, '2024-08-08 15:00:00Z')
) as given (is_snapshot, price, size, known_at);
-- expect: level_number, price, share_frac, seen_frac, is_whole, book_at
values (1, 99, 0.4, 0.4, false, '2024-08-08 13:00:00Z');

-- case: a gap leaves the book as it was, out of sync, until it ends or messages follow it
-- given: curated.book_updates
select
    *,
    99 as price,
    1 as size,
    timestamptz '2024-08-08 12:00:30Z' as known_at
from (
    values ('LASTS'), ('OVER'), ('LEFT'), ('TRADES'), ('LATER')
) as given (pair);
-- given: ops.feed_gaps
select *
from (
    values
    ('LASTS', 'book', '2024-08-08 12:00:30Z', null, '2024-08-08 12:00:31Z'),
    ('OVER', 'book', '2024-08-08 12:00:10Z', '2024-08-08 12:00:30Z', '2024-08-08 12:00:30Z'),
    ('LEFT', 'book', '2024-08-08 12:00:10Z', null, '2024-08-08 12:00:20Z'),
    ('TRADES', 'trades', '2024-08-08 12:00:30Z', null, '2024-08-08 12:00:31Z'),
    ('LATER', 'book', '2024-08-08 12:00:30Z', '2024-08-08 12:00:40Z', '2024-08-08 12:00:40Z')
) as given (pair, channel, began_at, ended_at, known_at);
-- expect: pair, is_in_sync
values ('LASTS', false), ('OVER', true), ('LEFT', true), ('TRADES', true), ('LATER', false);

-- case: what a corrected capture tells days later is no state of the book
-- given: curated.book_updates
select
    *,
    99 as price,
    timestamptz '2024-08-08 12:00:00Z' as exchange_at
from (
    values
    (4.0, '2024-08-08 12:00:00.01Z'),
    (7.0, '2024-08-10 12:00:00Z')
) as given (size, known_at);
-- expect: size, book_at
values (4, '2024-08-08 12:00:00.01Z');
