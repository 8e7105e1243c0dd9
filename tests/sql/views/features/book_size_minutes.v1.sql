-- default: venue = 'binance', pair = 'BTC-USDT', book_side = 1, band_bps = 0, bin = 414
-- default: bin_size = 0.5, add_size = 1, hour_at = '2024-08-08 12:00Z'

-- case: what came is added up by side, band, minute and bin
-- given: features.book_adds
select
    *,
    date_trunc('minute', known_at) as minute_at
from (
    values
    (1, 0, 414, 1.0, timestamptz '2024-08-08 12:00:01Z'),
    (1, 0, 414, 1.5, timestamptz '2024-08-08 12:00:59Z'),
    (1, 0, 422, 1.5, timestamptz '2024-08-08 12:00:02Z'),
    (1, 10, 414, 1.0, timestamptz '2024-08-08 12:00:03Z'),
    (-1, 0, 414, 1.0, timestamptz '2024-08-08 12:00:04Z'),
    (1, 0, 414, 1.0, timestamptz '2024-08-08 12:01:00Z')
) as given (book_side, band_bps, bin, add_size, known_at);
-- expect: book_side, band_bps, bin, known_date, minute_at, n_adds, sum_size, sum_square,
--     first_known_at, known_at
select
    book_side,
    band_bps,
    bin,
    date '2024-08-08' as known_date,
    date_trunc('minute', known_at) as minute_at,
    n_adds,
    cast(sum_size as decimal(28, 8)) as sum_size,
    cast(sum_square as decimal(28, 12)) as sum_square,
    first_known_at,
    known_at
from (
    values
    (
        1, 0, 414, 2, 2.5, 13, timestamptz '2024-08-08 12:00:01Z',
        timestamptz '2024-08-08 12:00:59Z'
    ),
    (1, 0, 422, 1, 1.5, 9, '2024-08-08 12:00:02Z', '2024-08-08 12:00:02Z'),
    (1, 10, 414, 1, 1, 4, '2024-08-08 12:00:03Z', '2024-08-08 12:00:03Z'),
    (-1, 0, 414, 1, 1, 4, '2024-08-08 12:00:04Z', '2024-08-08 12:00:04Z'),
    (1, 0, 414, 1, 1, 4, '2024-08-08 12:01:00Z', '2024-08-08 12:01:00Z')
) as wanted (
    book_side, band_bps, bin, n_adds, sum_size, sum_square, first_known_at, known_at
);
