-- default: venue = 'binance', pair = 'BTC-USDT', book_side = 1, band_bps = 0, n_adds = 1
-- default: hour_at = '2024-08-08 12:00Z'

-- case: sizes of the 24 whole hours before and of the hour's minutes so far, the minute left out
-- given: features.book_size_hours
select
    *,
    hour_at as known_at
from (
    values
    (timestamptz '2024-08-07 11:00Z', 490, 9_000, 360_000),
    (timestamptz '2024-08-07 12:00Z', 414, 30, 30),
    (timestamptz '2024-08-08 11:00Z', 428, 30, 60),
    (timestamptz '2024-08-08 11:00Z', 442, 30, 120),
    (timestamptz '2024-08-08 12:00Z', 490, 9_000, 360_000)
) as given (hour_at, bin, n_adds, sum_size);
-- given: features.book_size_minutes
select
    *,
    first_known_at as known_at
from (
    values
    (timestamptz '2024-08-08 12:00Z', 414, 1, 1, timestamptz '2024-08-08 12:00:05Z'),
    (timestamptz '2024-08-08 12:07Z', 460, 8, 80, timestamptz '2024-08-08 12:07:50Z'),
    (timestamptz '2024-08-08 12:07Z', 474, 1, 20, timestamptz '2024-08-08 12:07:40Z'),
    (timestamptz '2024-08-08 12:08Z', 490, 9_000, 360_000, timestamptz '2024-08-08 12:08:30Z')
) as given (minute_at, bin, n_adds, sum_size, first_known_at);
-- expect: minute_at, known_at, n_obs, median_size, p90_size, p99_size, mad_log_size
values
('2024-08-08 12:00Z', '2024-08-08 12:00:05Z', 90, 2, 4, 4, 0.693147181),
('2024-08-08 12:07Z', '2024-08-08 12:07:40Z', 91, 2, 4, 4, 0.693147181),
('2024-08-08 12:08Z', '2024-08-08 12:08:30Z', 100, 2, 4, 10, 0.693147181);

-- case: a side, a band and a pair have a past of their own, or none; a median may lie between
-- given: features.book_size_minutes
select
    *,
    minute_at as first_known_at,
    minute_at as known_at
from (
    values
    ('BTC-USDT', 1, 0, timestamptz '2024-08-08 12:00Z', 414, 1),
    ('BTC-USDT', 1, 0, timestamptz '2024-08-08 12:00Z', 436, 3),
    ('BTC-USDT', -1, 0, timestamptz '2024-08-08 12:00Z', 446, 5),
    ('BTC-USDT', 1, 10, timestamptz '2024-08-08 12:00Z', 453, 7),
    ('ETH-USDT', 1, 0, timestamptz '2024-08-08 12:00Z', 458, 9),
    ('BTC-USDT', 1, 0, timestamptz '2024-08-08 12:01Z', 414, 1),
    ('BTC-USDT', -1, 0, timestamptz '2024-08-08 12:01Z', 414, 1),
    ('BTC-USDT', 1, 10, timestamptz '2024-08-08 12:01Z', 414, 1),
    ('ETH-USDT', 1, 0, timestamptz '2024-08-08 12:01Z', 414, 1),
    ('ETH-USDT', 1, 200, timestamptz '2024-08-08 12:01Z', 414, 1)
) as given (pair, book_side, band_bps, minute_at, bin, sum_size);
-- expect: pair, book_side, band_bps, minute_at, n_obs, median_size, p99_size
values
('BTC-USDT', 1, 0, '2024-08-08 12:00Z', 0, null, null),
('BTC-USDT', -1, 0, '2024-08-08 12:00Z', 0, null, null),
('BTC-USDT', 1, 10, '2024-08-08 12:00Z', 0, null, null),
('ETH-USDT', 1, 0, '2024-08-08 12:00Z', 0, null, null),
('BTC-USDT', 1, 0, '2024-08-08 12:01Z', 2, 2, 3),
('BTC-USDT', -1, 0, '2024-08-08 12:01Z', 1, 5, 5),
('BTC-USDT', 1, 10, '2024-08-08 12:01Z', 1, 7, 7),
('ETH-USDT', 1, 0, '2024-08-08 12:01Z', 1, 9, 9),
('ETH-USDT', 1, 200, '2024-08-08 12:01Z', 0, null, null);

-- case: a span that begins within a minute has the same baselines, of what came first in it
-- span: 2024-08-08T12:01:30Z 2024-08-08T12:03:00Z
-- given: features.book_size_minutes
select
    *,
    first_known_at as known_at
from (
    values
    (timestamptz '2024-08-08 12:00Z', 414, 1, timestamptz '2024-08-08 12:00:05Z'),
    (timestamptz '2024-08-08 12:01Z', 436, 3, timestamptz '2024-08-08 12:01:05Z'),
    (timestamptz '2024-08-08 12:02Z', 446, 5, timestamptz '2024-08-08 12:02:05Z')
) as given (minute_at, bin, sum_size, first_known_at);
-- expect: minute_at, n_obs, median_size
values ('2024-08-08 12:02Z', 2, 2);
