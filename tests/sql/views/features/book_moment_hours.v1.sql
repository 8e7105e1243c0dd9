-- default: venue = 'binance', pair = 'BTC-USDT', book_side = 1, band_bps = 0, bin_size = 0.5
-- default: known_date = '2024-08-08', hour_at = '2024-08-08 22:00Z'

-- case: all sides, bands and bins of a pair's hour are added up
-- given: features.book_size_hours
select
    *,
    '2024-08-08 22:59:30Z' as known_at
from (
    values
    ('BTC-USDT', 1, 0, 0.5, 2, 2.0, 8),
    ('BTC-USDT', -1, 0, 0.5, 1, 1.0, 4),
    ('BTC-USDT', 1, 50, 4.0, 1, 5.0, 1.5625),
    ('SHIB-USDT', 1, 0, 1e9, 1, 1e9, 1),
    ('SHIB-USDT', 1, 0, 3e9, 1, 3e9, 1)
) as given (pair, book_side, band_bps, bin_size, n_adds, sum_size, sum_square);
-- expect: pair, known_date, hour_at, n_adds, sum_size, square_ratio, known_at
values
('BTC-USDT', '2024-08-08', '2024-08-08 22:00Z', 4, 8, 1.75, '2024-08-08 22:59:30Z'),
('SHIB-USDT', '2024-08-08', '2024-08-08 22:00Z', 2, 4_000_000_000, 1.25, '2024-08-08 22:59:30Z');
