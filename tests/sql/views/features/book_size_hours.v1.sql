-- default: venue = 'binance', pair = 'BTC-USDT', book_side = 1, band_bps = 0, bin_size = 0.5
-- default: known_date = '2024-08-08'

-- case: minutes are added up by side, band, hour and bin
-- given: features.book_size_minutes
select
    *,
    minute_at + interval 30 seconds as known_at
from (
    values
    (1, 0, 414, timestamptz '2024-08-08 22:00Z', '2024-08-08 22:00Z', 2, 2.5, 13),
    (1, 0, 414, timestamptz '2024-08-08 22:59Z', '2024-08-08 22:00Z', 3, 3.0, 12),
    (1, 0, 414, timestamptz '2024-08-08 23:00Z', '2024-08-08 23:00Z', 1, 1.0, 4),
    (1, 0, 422, timestamptz '2024-08-08 22:00Z', '2024-08-08 22:00Z', 1, 1.5, 9),
    (1, 50, 414, timestamptz '2024-08-08 22:00Z', '2024-08-08 22:00Z', 1, 1.0, 4),
    (-1, 0, 414, timestamptz '2024-08-08 22:00Z', '2024-08-08 22:00Z', 1, 1.0, 4)
) as given (book_side, band_bps, bin, minute_at, hour_at, n_adds, sum_size, sum_square);
-- expect: book_side, band_bps, bin, bin_size, hour_at, n_adds, sum_size, sum_square, known_at
values
(1, 0, 414, 0.5, '2024-08-08 22:00Z', 5, 5.5, 25, '2024-08-08 22:59:30Z'),
(1, 0, 414, 0.5, '2024-08-08 23:00Z', 1, 1, 4, '2024-08-08 23:00:30Z'),
(1, 0, 422, 0.5, '2024-08-08 22:00Z', 1, 1.5, 9, '2024-08-08 22:00:30Z'),
(1, 50, 414, 0.5, '2024-08-08 22:00Z', 1, 1, 4, '2024-08-08 22:00:30Z'),
(-1, 0, 414, 0.5, '2024-08-08 22:00Z', 1, 1, 4, '2024-08-08 22:00:30Z');
