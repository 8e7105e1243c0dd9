-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 161, book_side = 1
-- default: band_bps = 0, price = 10_000, add_size = 8, size = 9, dist_bps = 5, bin = 456
-- default: mid = 10_005, spread_frac = 0.001, usd_rate = 1, notional_usd = 80_000
-- default: side_depth = 100, near_depth = 1_000, near_frac = 0.008, lean_size = 10
-- default: is_round_price = true, minute_at = '2024-08-08 12:34Z', hour_at = '2024-08-08 12:00Z'
-- default: known_at = '2024-08-08 12:34:56Z'

-- case: a size is ranked among the day before on its side and distance, its own bin half
-- given: features.whale_adds
select *
from (
    values
    (1, 0, 456, 8),
    (1, 0, 460, 9.8),
    (1, 0, 440, 3.5),
    (-1, 0, 456, 8),
    (1, 10, 456, 8)
) as given (book_side, band_bps, bin, add_size);
-- given: features.book_size_baselines
select
    *,
    '2024-08-08 12:34:01Z' as known_at
from (
    values
    (1, 0, timestamptz '2024-08-08 12:34Z', 1_000, 2.0, 8.0, 9.0, 1.0),
    (1, 0, timestamptz '2024-08-08 12:33Z', 9_000, 9.0, 9.0, 9.0, 0.5),
    (-1, 0, timestamptz '2024-08-08 12:34Z', 9_000, 9.0, 9.0, 9.0, 0.0)
) as given (
    book_side, band_bps, minute_at, n_obs, median_size, p90_size, p99_size, mad_log_size
);
-- given: features.book_size_hours
select
    *,
    hour_at as known_at
from (
    values
    (1, timestamptz '2024-08-07 11:00Z', 400, 9_000),
    (1, timestamptz '2024-08-07 12:00Z', 400, 500),
    (1, timestamptz '2024-08-08 11:00Z', 456, 20),
    (1, timestamptz '2024-08-08 11:00Z', 460, 10),
    (1, timestamptz '2024-08-08 12:00Z', 400, 9_000),
    (-1, timestamptz '2024-08-08 11:00Z', 400, 9_000)
) as given (book_side, hour_at, bin, n_adds);
-- given: features.book_size_minutes
select
    *,
    '2024-08-08 12:00Z' as hour_at,
    minute_at as known_at
from (
    values
    (1, timestamptz '2024-08-08 11:59Z', 400, 9_000),
    (1, timestamptz '2024-08-08 12:00Z', 400, 400),
    (1, timestamptz '2024-08-08 12:33Z', 457, 30),
    (1, timestamptz '2024-08-08 12:33Z', 500, 40),
    (1, timestamptz '2024-08-08 12:34Z', 400, 9_000)
) as given (book_side, minute_at, bin, n_adds);
-- expect: book_side, band_bps, add_size, n_obs, median_size, size_pr, size_mz
values
(1, 0, 8, 1_000, 2, 0.91, round(0.6745 * ln(4), 6)),
(1, 0, 9.8, 1_000, 2, 0.955, round(0.6745 * ln(4.9), 6)),
(1, 0, 3.5, 1_000, 2, null, round(0.6745 * ln(1.75), 6)),
(-1, 0, 8, 9_000, 9, null, null),
(1, 10, 8, 0, null, null, null);

-- case: the depth part is 1 at most, and closeness falls by the distance
-- given: features.whale_adds
select *
from (
    values
    (8, 100, 0),
    (8, 4, 50),
    (8, 0, 100),
    (8, null, -3)
) as given (add_size, side_depth, dist_bps);
-- expect: dist_bps, depth_frac, closeness
values
(0, 0.08, 1),
(50, 1, 0.367879441),
(100, 1, 0.135335283),
(-3, null, 1);

-- case: the moments are those of its minute
-- given: features.whale_adds
select 8 as add_size;
-- given: features.book_moments
select
    *,
    minute_at as known_at
from (
    values
    (timestamptz '2024-08-08 12:33Z', 600, 1, 1),
    (timestamptz '2024-08-08 12:34Z', 700, 2, 12)
) as given (minute_at, n_obs, mean_size, variance);
-- expect: n_moments, mean_size, variance, n_obs
values (700, 2, 12, 0);
