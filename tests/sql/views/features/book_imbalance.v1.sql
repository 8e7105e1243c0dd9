-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', best_bid = 100.0, best_ask = 100.1
-- default: mid = 100.05, spread_bps = 9.995, microprice = 100.075, obi_10bps = 0.5, n_updates = 3

-- case: the rank is all that leaned less, and half of what leaned as much, a hundredth being one
-- given: features.book_imbalance_hours
select
    *,
    hour_at as known_at
from (
    values
    ('2024-08-08 09:00Z', 10, 2_000),
    ('2024-08-08 10:00Z', 10, 1_000),
    ('2024-08-08 10:00Z', 50, 600),
    ('2024-08-08 11:00Z', 51, 400)
) as given (hour_at, bin, n_bars);
-- given: features.book_bars
select
    *,
    bar_at as known_at
from (
    values
    ('2024-08-08 12:00:00Z', 0.5),
    ('2024-08-08 12:00:01Z', -0.509),
    ('2024-08-08 12:00:02Z', 0.05),
    ('2024-08-08 12:00:03Z', 1.0),
    ('2024-08-08 12:00:04Z', null)
) as given (bar_at, obi);
-- expect: bar_at, known_at, obi, abs_obi_pr, n_obs
values
('2024-08-08 12:00:00Z', '2024-08-08 12:00:00Z', 0.5, 0.825, 4_000),
('2024-08-08 12:00:01Z', '2024-08-08 12:00:01Z', -0.509, 0.825, 4_000),
('2024-08-08 12:00:02Z', '2024-08-08 12:00:02Z', 0.05, 0.0, 4_000),
('2024-08-08 12:00:03Z', '2024-08-08 12:00:03Z', 1.0, 1.0, 4_000),
('2024-08-08 12:00:04Z', '2024-08-08 12:00:04Z', null, null, 0);

-- case: the baseline is the 24 whole hours before the hour of the bar, of its own pair and venue
-- given: features.book_imbalance_hours
select
    *,
    20 as bin,
    hour_at as known_at
from (
    values
    ('2024-08-07 11:00Z', 'BTC-USDT', 'binance', 9_000),
    ('2024-08-07 12:00Z', 'BTC-USDT', 'binance', 3_600),
    ('2024-08-08 11:00Z', 'BTC-USDT', 'binance', 400),
    ('2024-08-08 12:00Z', 'BTC-USDT', 'binance', 9_000),
    ('2024-08-08 11:00Z', 'ETH-USDT', 'binance', 9_000),
    ('2024-08-08 11:00Z', 'BTC-USDT', 'binance_usdm', 9_000)
) as given (hour_at, pair, venue, n_bars);
-- given: features.book_bars
select
    0.5 as obi,
    '2024-08-08 12:59:59Z' as bar_at,
    '2024-08-08 12:59:59.9Z' as known_at;
-- expect: abs_obi_pr, n_obs
values (1.0, 4_000);

-- case: below an hour of bars there is no rank
-- given: features.book_imbalance_hours
select
    *,
    20 as bin,
    '2024-08-08 11:00Z' as hour_at,
    '2024-08-08 11:00Z' as known_at
from (
    values
    ('BTC-USDT', 3_599),
    ('ETH-USDT', 3_600)
) as given (pair, n_bars);
-- given: features.book_bars
select
    *,
    0.5 as obi,
    '2024-08-08 12:00Z' as bar_at,
    '2024-08-08 12:00Z' as known_at
from (
    values
    ('BTC-USDT'),
    ('ETH-USDT'),
    ('SOL-USDT')
) as given (pair);
-- expect: pair, abs_obi_pr, n_obs
values
('BTC-USDT', null, 3_599),
('ETH-USDT', 1.0, 3_600),
('SOL-USDT', null, 0);

-- case: all-equal history ranks at a half
-- given: features.book_imbalance_hours
select
    50 as bin,
    4_000 as n_bars,
    '2024-08-08 11:00Z' as hour_at,
    '2024-08-08 11:00Z' as known_at;
-- given: features.book_bars
select
    0.5 as obi,
    '2024-08-08 12:00Z' as bar_at,
    '2024-08-08 12:00Z' as known_at;
-- expect: abs_obi_pr
values (0.5);

-- case: a bar keeps what else is known of it
-- given: features.book_bars
select
    '2024-08-08 12:00Z' as bar_at,
    0.5 as obi;
-- expect: venue, pair, mid, microprice, spread_bps, obi_10bps, n_updates, epoch
values ('binance', 'BTC-USDT', 100.05, 100.075, 9.995, 0.5, 3, '160');
