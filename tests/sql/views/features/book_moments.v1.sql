-- default: venue = 'binance', pair = 'BTC-USDT', bin_size = 1, square_ratio = 1, n_adds = 1
-- default: sum_size = 1, sum_square = 1, hour_at = '2024-08-08 12:00Z'

-- case: mean and variance are of the minutes of the hour before, and the minute itself is in none
-- given: features.book_size_minutes
select
    *,
    first_known_at as known_at
from (
    values
    ('2024-08-08 12:00Z', 1, 1, 1, timestamptz '2024-08-08 12:00:05Z'),
    ('2024-08-08 12:01Z', 1, 1, 1, timestamptz '2024-08-08 12:01:20Z'),
    ('2024-08-08 12:01Z', 3, 11, 41, timestamptz '2024-08-08 12:01:10Z'),
    ('2024-08-08 12:02Z', 1, 900, 810_000, timestamptz '2024-08-08 12:02:30Z')
) as given (minute_at, n_adds, sum_size, sum_square, first_known_at);
-- expect: minute_at, known_at, n_obs, round(mean_size, 3), round(variance, 2)
values
('2024-08-08 12:00Z', '2024-08-08 12:00:05Z', 0, null, null),
('2024-08-08 12:01Z', '2024-08-08 12:01:10Z', 1, 1, 0),
('2024-08-08 12:02Z', '2024-08-08 12:02:30Z', 5, 2.601, 1.84);

-- case: what is six hours older weighs half, and after two days nothing
-- given: features.book_moment_hours
select
    *,
    hour_at as known_at
from (
    values
    (timestamptz '2024-08-06 11:00Z', 9_000, 9_000_000, 1),
    (timestamptz '2024-08-08 05:00Z', 2, 8, 1.25),
    (timestamptz '2024-08-08 11:00Z', 3, 6, 1.5),
    (timestamptz '2024-08-08 12:00Z', 9_000, 9_000_000, 1)
) as given (hour_at, n_adds, sum_size, square_ratio);
-- given: features.book_size_minutes
select
    '2024-08-08 12:30Z' as minute_at,
    '2024-08-08 12:30:01Z' as first_known_at,
    '2024-08-08 12:30:01Z' as known_at;
-- expect: n_obs, round(mean_size, 9), round(variance, 7)
values (5, 2.5, 3.25);

-- case: the mean and variance of the golden vector
-- given: features.book_moment_hours
select
    '2024-08-08 11:00Z' as hour_at,
    '2024-08-08 11:00Z' as known_at,
    600 as n_adds,
    1_200 as sum_size,
    4 as square_ratio;
-- given: features.book_size_minutes
select
    '2024-08-08 12:30Z' as minute_at,
    '2024-08-08 12:30:01Z' as first_known_at,
    '2024-08-08 12:30:01Z' as known_at;
-- expect: n_obs, mean_size, variance
values (600, 2, 12);
