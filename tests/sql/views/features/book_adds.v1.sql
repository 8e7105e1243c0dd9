-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 161
-- default: is_snapshot = false, book_side = 1, price = 9_990, size = 3, prev_size = 1
-- default: best_bid = 9_999, best_ask = 10_001, mid = 10_000

-- case: what came is the difference, so far from the mid on its own side
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:34:56Z' as known_at
from (
    values
    (1, 9_995, 1.5, 0.0),
    (1, 9_990, 0.3, 0.1),
    (-1, 10_050, 7.0, 5.0),
    (-1, 10_200, 1e-9, 0.0),
    (-1, 10_200, 1e-8, 0.0),
    (1, 10_000.5, 2.0, 0.0),
    (1, 9_000, 123_456_789.0, 0.0)
) as given (book_side, price, size, prev_size);
-- expect: book_side, price, add_size, size, dist_bps, band_bps, bin, minute_at, hour_at
select
    *,
    timestamptz '2024-08-08 12:34Z' as minute_at,
    timestamptz '2024-08-08 12:00Z' as hour_at
from (
    values
    (1, 9_995, 1.5, 1.5, 5, 0, 422),
    (1, 9_990, 0.2, 0.3, 10, 10, 382),
    (-1, 10_050, 2, 7, 50, 50, 428),
    (-1, 10_200, 0.00000001, 0.00000001, 200, 200, 46),
    (1, 10_000.5, 2, 2, -0.5, 0, 428),
    (1, 9_000, 123_456_789, 123_456_789, 1_000, 200, 787)
) as wanted (book_side, price, add_size, size, dist_bps, band_bps, bin);

-- case: snapshots, what shrinks, what comes a minute late and a book with one side are left out
-- given: curated.book_updates
select
    *,
    '2024-08-08 12:01:00Z' as known_at
from (
    values
    ('snapshot', true, 3, 1, null, 10_000),
    ('shrinks', false, 1, 3, null, 10_000),
    ('same', false, 1, 1, null, 10_000),
    ('one side', false, 3, 1, null, null),
    ('late', false, 3, 1, '2024-08-08 11:59:59.999Z', 10_000),
    ('in time', false, 3, 1, '2024-08-08 12:00:00Z', 10_000)
) as given (pair, is_snapshot, size, prev_size, exchange_at, mid);
-- expect: pair
values ('in time');
