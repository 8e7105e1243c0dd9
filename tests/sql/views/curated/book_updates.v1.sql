-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 162, book_side = 1
-- default: price = 100.5, order_id = 0, size = 2, prev_size = 0
-- default: known_at = '2024-08-08 23:54:14.1Z'

-- case: a change of a level is told as it came, and stands
-- given: raw.book_updates
select *
from (
    values
    ('2024-08-08 23:54:15.4Z', 7, 100.5, 100.6, false)
) as given (exchange_at, sequence, best_bid, best_ask, is_snapshot);
-- expect: venue, pair, known_at, exchange_at, sequence, book_side, price, order_id, size,
--     prev_size, best_bid, best_ask, epoch, update_id, is_snapshot, withdrawn_at
values (
    'binance', 'BTC-USDT', '2024-08-08 23:54:14.1Z', '2024-08-08 23:54:15.4Z', 7, 1, 100.5, null, 2,
    0, 100.5, 100.6, '160', 162, false, null
);

-- case: a corrected capture withdraws what it tells otherwise, level by level
-- given: raw.book_updates
select *
from (
    values
    (100.5, 2, '2024-08-08 23:54:14.1Z'),
    (100.4, 3, '2024-08-08 23:54:14.1Z'),
    (100.5, 9, '2024-08-10 12:00Z')
) as given (price, size, known_at);
-- expect: price, size, withdrawn_at
values
(100.5, 2, '2024-08-10 12:00Z'),
(100.4, 3, null),
(100.5, 9, null);

-- case: the two sides of a price, messages, epochs, pairs and venues are rows of their own
-- given: raw.book_updates
select *
from (
    values
    (1, 162, '160', 'BTC-USDT', 'binance'),
    (-1, 162, '160', 'BTC-USDT', 'binance'),
    (1, 163, '160', 'BTC-USDT', 'binance'),
    (1, 162, '161', 'BTC-USDT', 'binance'),
    (1, 162, '160', 'ETH-USDT', 'binance'),
    (1, 162, '160', 'BTC-USDT', 'binance_usdm')
) as given (book_side, update_id, epoch, pair, venue);
-- expect: count(*), count(withdrawn_at)
values (6, 0);

-- case: a level that a newer capture no longer holds is withdrawn
-- given: raw.book_updates
select *
from (
    values
    ('2024-08-08 23:54:14.1Z', false),
    ('2024-08-10 12:00Z', true)
) as given (known_at, is_gone);
-- expect: known_at, withdrawn_at
values ('2024-08-08 23:54:14.1Z', '2024-08-10 12:00Z');

-- case: orders at one price are rows of their own, and the venue's id stays
-- given: raw.book_updates
select *
from (
    values
    (34006738527, 1.5),
    (34006738529, 0.25)
) as given (order_id, size);
-- expect: order_id, size, withdrawn_at
values
(34006738527, 1.5, null),
(34006738529, 0.25, null);
