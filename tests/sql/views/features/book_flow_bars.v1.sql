-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 1, sequence = 1
-- default: best_bid = 100.0, best_ask = 100.02, bid_size = 10, ask_size = 8
-- default: exchange_at = null

-- case: the rule book's five quotes are 5, 5, 8 and -11, and the first has none before it
-- given: curated.book_tops
select *
from (
    values
    (1, 100.0, 10, 100.02, 8, '2024-08-08 12:00:00.5Z'),
    (2, 100.0, 15, 100.02, 8, '2024-08-08 12:00:01.5Z'),
    (3, 100.01, 5, 100.02, 8, '2024-08-08 12:00:02.5Z'),
    (4, 100.01, 5, 100.03, 20, '2024-08-08 12:00:03.5Z'),
    (5, 100.0, 12, 100.02, 6, '2024-08-08 12:00:04.5Z')
) as given (update_id, best_bid, bid_size, best_ask, ask_size, known_at);
-- expect: length_s, bar_at, known_date, known_at, ofi, mean_depth, ofi_norm, mid_change, mid,
--     n_updates, epoch
values
(
    1, '2024-08-08 12:00:01Z', '2024-08-08', '2024-08-08 12:00:01.5Z',
    5, 11.5, 0.434782609, 0, 100.01, 1, '160'
),
(
    1, '2024-08-08 12:00:02Z', '2024-08-08', '2024-08-08 12:00:02.5Z',
    5, 6.5, 0.769230769, 0.005, 100.015, 1, '160'
),
(
    1, '2024-08-08 12:00:03Z', '2024-08-08', '2024-08-08 12:00:03.5Z',
    8, 12.5, 0.64, 0.005, 100.02, 1, '160'
),
(
    1, '2024-08-08 12:00:04Z', '2024-08-08', '2024-08-08 12:00:04.5Z',
    -11, 9, -1.222222222, -0.01, 100.01, 1, '160'
),
(
    10, '2024-08-08 12:00:00Z', '2024-08-08', '2024-08-08 12:00:04.5Z',
    7, 9.875, 0.708860759, 0, 100.01, 4, '160'
);

-- case: a bar begins with its last second that divides by its length
-- given: curated.book_tops
select
    *,
    update_id as bid_size
from (
    values
    (1, '2024-08-08 12:00:09.0Z'),
    (2, '2024-08-08 12:00:09.999999Z'),
    (3, '2024-08-08 12:00:10.0Z'),
    (4, '2024-08-08 12:00:59.9Z'),
    (5, '2024-08-08 12:01:00.0Z')
) as given (update_id, known_at);
-- expect: length_s, bar_at, ofi, n_updates
values
(1, '2024-08-08 12:00:09Z', 1, 1),
(1, '2024-08-08 12:00:10Z', 1, 1),
(1, '2024-08-08 12:00:59Z', 1, 1),
(1, '2024-08-08 12:01:00Z', 1, 1),
(10, '2024-08-08 12:00:00Z', 1, 1),
(10, '2024-08-08 12:00:10Z', 1, 1),
(10, '2024-08-08 12:00:50Z', 1, 1),
(10, '2024-08-08 12:01:00Z', 1, 1);

-- case: no flow goes from one epoch to the next, behind a gap, nor from pair to pair
-- given: curated.book_tops
select *
from (
    values
    ('BTC-USDT', '160', 1, 10, '2024-08-08 12:00:00.1Z'),
    ('BTC-USDT', '160', 2, 11, '2024-08-08 12:00:00.2Z'),
    ('BTC-USDT', '170', 3, 500, '2024-08-08 12:00:00.3Z'),
    ('BTC-USDT', '170', 4, 503, '2024-08-08 12:00:00.4Z'),
    ('ETH-USDT', '160', 5, 900, '2024-08-08 12:00:00.5Z')
) as given (pair, epoch, update_id, bid_size, known_at);
-- expect: pair, length_s, ofi, n_updates, epoch
values
('BTC-USDT', 1, 3, 1, '170'),
('BTC-USDT', 10, 3, 1, '170');

-- case: two captures of one book at once are not added up
-- given: curated.book_tops
select *
from (
    values
    ('160', 1, 10, '2024-08-08 12:00:00.1Z'),
    ('159', 1, 10, '2024-08-08 12:00:00.1Z'),
    ('160', 2, 15, '2024-08-08 12:00:00.2Z'),
    ('159', 2, 15, '2024-08-08 12:00:00.2Z'),
    ('159', 3, 20, '2024-08-08 12:00:00.3Z')
) as given (epoch, update_id, bid_size, known_at);
-- expect: length_s, ofi, epoch
values
(1, 10, '159'),
(10, 10, '159');

-- case: messages of one moment follow each other by their numbers
-- given: curated.book_tops
select
    *,
    '2024-08-08 12:00:00Z' as known_at
from (
    values
    (8, 100.01, 5),
    (9, 100.0, 12),
    (10, 100.0, 13)
) as given (update_id, best_bid, bid_size);
-- expect: length_s, ofi, n_updates
values
(1, -4, 2),
(10, -4, 2);

-- case: what is told again changes nothing, whether at once or days later
-- given: curated.book_tops
select
    *,
    '2024-08-08 12:00:01Z' as exchange_at
from (
    values
    (1, 10, '2024-08-08 12:00:00.1Z', '2024-08-08 12:00:00.9Z'),
    (2, 12, '2024-08-08 12:00:00.2Z', null),
    (1, 99, '2024-08-08 12:00:00.9Z', null),
    (3, 13, '2024-08-08 12:00:01.2Z', '2024-08-10 12:00Z'),
    (3, 77, '2024-08-10 12:00Z', null),
    (4, 78, '2024-08-10 12:00:00.1Z', null)
) as given (update_id, bid_size, known_at, withdrawn_at);
-- expect: length_s, bar_at, ofi, n_updates
values
(1, '2024-08-08 12:00:00Z', 2, 1),
(1, '2024-08-08 12:00:01Z', 1, 1),
(10, '2024-08-08 12:00:00Z', 3, 2);

-- case: behind over a minute of silence a quote has none before it
-- given: curated.book_tops
select *
from (
    values
    (1, 10, '2024-08-08 23:59:00Z'),
    (2, 12, '2024-08-09 00:00:00Z'),
    (3, 15, '2024-08-09 00:01:00.000001Z')
) as given (update_id, bid_size, known_at);
-- expect: length_s, bar_at, known_date, ofi
values
(1, '2024-08-09 00:00Z', '2024-08-09', 2),
(10, '2024-08-09 00:00Z', '2024-08-09', 2);

-- case: a span that begins between two quotes still sees the first
-- span: 2024-08-08T12:00:30Z 2024-08-08T12:01:00Z
-- given: curated.book_tops
select *
from (
    values
    (1, 10, '2024-08-08 12:00:00Z'),
    (2, 12, '2024-08-08 12:00:29.9Z'),
    (3, 15, '2024-08-08 12:00:31Z'),
    (4, 19, '2024-08-08 12:01:00Z')
) as given (update_id, bid_size, known_at);
-- expect: length_s, bar_at, ofi
values
(1, '2024-08-08 12:00:31Z', 3),
(10, '2024-08-08 12:00:30Z', 3);
