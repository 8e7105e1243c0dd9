-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, is_snapshot = false
-- default: sequence = 1, exchange_at = null, mid = 60000, bid_size_all = 10, ask_size_all = 8
-- default: channel = 'book', reason = 'gap', n_dropped = 0, entity = 'binance:BTC-USDT'
-- default: detector = 'crypto.whale', score = 70, notional_usd = 599000

-- case: each ten seconds hold what stands at their end, also where nothing changes in them
-- given: curated.book_updates
select
    *,
    60_000 + 5 * update_id as mid
from (
    values
    (1, true, 1, 59_990.0, 4.0, '2024-08-08 12:00:00Z'),
    (1, true, 1, 59_980.0, 6.0, '2024-08-08 12:00:00Z'),
    (1, true, -1, 60_010.0, 8.0, '2024-08-08 12:00:00Z'),
    (2, false, 1, 59_990.0, 9.0, '2024-08-08 12:00:03Z'),
    (3, false, 1, 59_990.0, 1.5, '2024-08-08 12:00:09.999Z'),
    (4, false, 1, 59_980.0, 0.0, '2024-08-08 12:00:30Z'),
    (4, false, 1, 59_970.0, 2.0, '2024-08-08 12:00:30Z')
) as given (update_id, is_snapshot, book_side, price, size, known_at);
-- expect: bar_at, known_at, book_side, price_from, price_to, size, notional, n_levels, mid,
--     dist_bps, n_whales, is_whole, seen_frac
values
(
    '2024-08-08 12:00:00Z', '2024-08-08 12:00:10Z', 1, 59_975, 60_000, 7.5, 449_865, 2, 60_015,
    4.582188, 0, true, 0.75
),
(
    '2024-08-08 12:00:10Z', '2024-08-08 12:00:20Z', 1, 59_975, 60_000, 7.5, 449_865, 2, 60_015,
    4.582188, 0, true, 0.75
),
(
    '2024-08-08 12:00:20Z', '2024-08-08 12:00:30Z', 1, 59_975, 60_000, 7.5, 449_865, 2, 60_015,
    4.582188, 0, true, 0.75
),
(
    '2024-08-08 12:00:30Z', '2024-08-08 12:00:40Z', 1, 59_975, 60_000, 1.5, 89_985, 1, 60_020,
    5.414862, 0, true, 0.35
),
(
    '2024-08-08 12:00:30Z', '2024-08-08 12:00:40Z', 1, 59_950, 59_975, 2, 119_940, 1, 60_020,
    9.580140, 0, true, 0.35
),
(
    '2024-08-08 12:00:00Z', '2024-08-08 12:00:10Z', -1, 60_000, 60_025, 8, 480_080, 1, 60_015,
    -0.416563, 0, true, 1
),
(
    '2024-08-08 12:00:10Z', '2024-08-08 12:00:20Z', -1, 60_000, 60_025, 8, 480_080, 1, 60_015,
    -0.416563, 0, true, 1
),
(
    '2024-08-08 12:00:20Z', '2024-08-08 12:00:30Z', -1, 60_000, 60_025, 8, 480_080, 1, 60_015,
    -0.416563, 0, true, 1
),
(
    '2024-08-08 12:00:30Z', '2024-08-08 12:00:40Z', -1, 60_000, 60_025, 8, 480_080, 1, 60_020,
    -1.249583, 0, true, 1
);

-- case: ranges of prices are round, at most 5 bps wide, and the same whatever the mid
-- param: reach_bps = 100_000
-- given: curated.book_updates
select
    *,
    1 as size,
    1 as update_id,
    price as mid,
    timestamptz '2024-08-08 12:00:00Z' as known_at
from (
    values
    ('A', 10_004.99), ('B', 19_999.0), ('C', 20_000.0), ('D', 49_995.0), ('E', 99_999.0),
    ('F', 0.00001234), ('G', 1_000.0), ('H', 0.3)
) as given (pair, price);
-- expect: pair, price_from, price_to
values
('A', 10_000, 10_005), ('B', 19_995, 20_000), ('C', 20_000, 20_010), ('D', 49_990, 50_000),
('E', 99_975, 100_000), ('F', 0.00001234, 0.000012345), ('G', 1_000, 1_000.5), ('H', 0.3, 0.3001);

-- case: what lies further from the mid than 200 bps is left out, yet seen
-- given: curated.book_updates
select
    *,
    5 as size,
    1 as update_id,
    timestamptz '2024-08-08 12:00:00Z' as known_at
from (
    values (58_830.0), (58_770.0)
) as given (price);
-- expect: price_from, size, seen_frac
values (58_825, 5, 1);

-- case: nothing stands in a gap, nor between two epochs, nor of the one that is over
-- given: curated.book_updates
select
    *,
    59_990 as price
from (
    values
    (1, 'BTC-USDT', '160', 1.0, '2024-08-08 12:00:05Z'),
    (2, 'BTC-USDT', '160', 2.0, '2024-08-08 12:00:45Z'),
    (3, 'BTC-USDT', '170', 3.0, '2024-08-08 12:01:15Z'),
    (1, 'ETH-USDT', '160', 1.0, '2024-08-08 12:00:05Z'),
    (2, 'ETH-USDT', '160', 2.0, '2024-08-08 12:00:35Z')
) as given (update_id, pair, epoch, size, known_at);
-- given: ops.feed_gaps
select
    'BTC-USDT' as pair,
    '2024-08-08 12:00:05Z' as began_at,
    '2024-08-08 12:00:25Z' as ended_at,
    '2024-08-08 12:00:25Z' as known_at;
-- expect: pair, bar_at, size, epoch
values
('BTC-USDT', '2024-08-08 12:00:20Z', 1, '160'),
('BTC-USDT', '2024-08-08 12:00:30Z', 1, '160'),
('BTC-USDT', '2024-08-08 12:00:40Z', 2, '160'),
('BTC-USDT', '2024-08-08 12:01:10Z', 3, '170'),
('ETH-USDT', '2024-08-08 12:00:00Z', 1, '160'),
('ETH-USDT', '2024-08-08 12:00:10Z', 1, '160'),
('ETH-USDT', '2024-08-08 12:00:20Z', 1, '160'),
('ETH-USDT', '2024-08-08 12:00:30Z', 2, '160');

-- case: a gap without an end hides what stood before it, and nothing that follows
-- given: curated.book_updates
select
    *,
    59_990 as price
from (
    values
    (1, '160', 1.0, '2024-08-08 12:00:05Z'),
    (2, '170', 2.0, '2024-08-08 12:00:15Z')
) as given (update_id, epoch, size, known_at);
-- given: ops.feed_gaps
select
    '2024-08-08 12:00:05Z' as began_at,
    '2024-08-08 12:00:08Z' as known_at;
-- expect: bar_at, size
values ('2024-08-08 12:00:10Z', 2);

-- case: a span holds what stood before it, and no ten seconds that are not over
-- span: 2024-08-08T12:00:20Z 2024-08-08T12:00:40Z
-- given: curated.book_updates
select
    *,
    59_990 as price
from (
    values
    (1, true, 1.0, '2024-08-08 11:30:00Z'),
    (2, false, 2.0, '2024-08-08 12:00:05Z'),
    (3, false, 3.0, '2024-08-08 12:00:25Z'),
    (4, false, 4.0, '2024-08-08 12:00:35Z')
) as given (update_id, is_snapshot, size, known_at);
-- expect: bar_at, size, is_whole
values ('2024-08-08 12:00:10Z', 2, true), ('2024-08-08 12:00:20Z', 3, true);

-- case: of a pair that went silent before the span nothing is told
-- span: 2024-08-08T12:00:20Z 2024-08-08T12:00:40Z
-- given: curated.book_updates
select
    1 as update_id,
    59_990 as price,
    1 as size,
    timestamptz '2024-08-08 11:59:00Z' as known_at;
-- expect: nothing

-- case: where the snapshot lies before what is opened, it says how little is seen
-- span: 2024-08-08T12:00:10Z 2024-08-08T12:01:00Z
-- given: curated.book_updates
select *
from (
    values
    (1, true, 59_990.0, 6.0, '2024-08-08 11:00:09Z'),
    (2, false, 59_980.0, 2.5, '2024-08-08 12:00:05Z')
) as given (update_id, is_snapshot, price, size, known_at);
-- expect: size, n_levels, is_whole, seen_frac
values (2.5, 1, false, 0.25);

-- case: orders of one range add up, and one that changes its price goes with it
-- given: curated.book_updates
select
    *,
    timestamptz '2024-08-08 12:00:00Z' + interval (update_id) seconds as known_at
from (
    values
    (1, 7, 59_990.0, 0.1),
    (1, 8, 59_990.0, 0.2),
    (1, 9, 59_980.0, 1.5),
    (2, 9, 59_980.0, 0.0),
    (2, 9, 59_940.0, 1.5)
) as given (update_id, order_id, price, size);
-- expect: price_from, size, n_levels
values (59_975, 0.3, 2), (59_925, 1.5, 1);

-- case: whales lie where they came, also those that are gone at the end of their ten seconds
-- given: curated.book_updates
select
    *,
    59_990 as price
from (
    values
    (1, 1.0, '2024-08-08 12:00:05Z'),
    (2, 0.0, '2024-08-08 12:00:15Z')
) as given (update_id, size, known_at);
-- given: curated.alerts
select
    detector,
    to_json(struct_pack(book_side := 1, price := price, add_size := 10.0)) as evidence,
    fired_at,
    withdrawn_at
from (
    values
    ('crypto.whale', 59_991.0, '2024-08-08 12:00:04Z', null),
    ('crypto.whale', 59_981.0, '2024-08-08 12:00:05Z', null),
    ('crypto.whale', 59_951.0, '2024-08-08 12:00:12Z', null),
    ('crypto.whale', 50_000.0, '2024-08-08 12:00:12Z', null),
    ('crypto.whale', 59_991.0, '2024-08-08 12:00:06Z', '2024-08-08 12:00:07Z'),
    ('crypto.stuffing', 59_991.0, '2024-08-08 12:00:04Z', null)
) as given (detector, price, fired_at, withdrawn_at);
-- expect: bar_at, price_from, size, n_levels, n_whales, whale_size, whale_usd, whale_score
values
('2024-08-08 12:00:00Z', 59_975, 1, 1, 2, 20, 1_198_000, 70),
('2024-08-08 12:00:10Z', 59_950, 0, 0, 1, 10, 599_000, 70);

-- case: what a corrected capture tells days later is no state of the book
-- given: curated.book_updates
select
    *,
    1 as update_id,
    59_990 as price,
    timestamptz '2024-08-08 12:00:00Z' as exchange_at
from (
    values
    (4.0, '2024-08-08 12:00:00.01Z'),
    (7.0, '2024-08-10 12:00:00Z')
) as given (size, known_at);
-- expect: bar_at, size
values ('2024-08-08 12:00:00Z', 4);
