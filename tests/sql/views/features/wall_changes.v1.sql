-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, price = 20_000.0
-- default: order_event = 'add', size = 25, prev_size = 0, mid = 20_010.0, dist_bps = 4.997501
-- default: band_bps = 0, bid_size_200bps = 60, ask_size_200bps = 60, update_id = 1, sequence = 1
-- default: received_at = '2024-08-08 12:00:10Z', known_at = '2024-08-08 12:00:10.25Z'
-- default: minute_at = '2024-08-08 12:00Z', median_size = 2, n_obs = 100
-- default: hour_at = '2024-08-08 10:00Z', usd_rate = 1

-- case: the rule book's 25 beside levels of 2, among 60, is a wall
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_size_baselines
select '2024-08-08 12:00:09Z' as known_at;
-- given: features.book_events
select
    25 as change_size,
    null as exec_size,
    null as cancel_size;
-- expect: venue, pair, received_at, known_at, order_event, book_side, price, order_id, size,
--     prev_size, change_size, exec_size, cancel_size, mid, dist_bps, band_bps, notional_usd,
--     side_depth, depth_frac, median_size, n_obs, is_wide, is_large, is_standing, was_standing,
--     epoch, update_id, sequence
values (
    'binance', 'BTC-USDT', '2024-08-08 12:00:10Z', '2024-08-08 12:00:10.25Z', 'add', 1, 20_000.0,
    null, 25, 0, 25, null, null, 20_010.0, 4.997501, 0, 500_000, 60, 0.416666667, 2, 100,
    true, true, true, false, '160', 1, 1
);

-- case: each floor by itself, and from which half of it a level still stands
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_size_baselines
select
    book_side,
    '2024-08-08 12:00:09Z' as known_at
from (
    values (1), (-1)
) as given (book_side);
-- given: features.book_events
select *
from (
    values
    ('12.5 is 250,000', 1, 12.5, 0, 60, 5),
    ('less in dollars', 2, 12.49, 0, 60, 5),
    ('less of the side', 3, 25, 0, 501, 5),
    ('5 % of the side', 4, 25, 0, 500, 5),
    ('too far', 5, 25, 0, 60, 200.1),
    ('not large', 6, 19.9, 0, 60, 5),
    ('gone', 7, 0, 25, 35, 5),
    ('half of the dollars', 8, 6.25, 25, 60, 5),
    ('less than half', 9, 6.24, 25, 60, 5),
    ('half of the share', 10, 12, 25, 480, 5),
    ('less than half of it', 11, 12, 25, 481, 5),
    ('never worth it', 12, 6.24, 6.24, 60, 5)
) as given (epoch, update_id, size, prev_size, bid_size_200bps, dist_bps);
-- expect: epoch, is_wide, is_large, is_standing, was_standing
values
('12.5 is 250,000', true, false, true, false),
('less in dollars', false, false, true, false),
('less of the side', false, true, true, false),
('5 % of the side', true, true, true, false),
('too far', false, true, true, false),
('not large', true, false, true, false),
('gone', false, false, false, true),
('half of the dollars', false, false, true, true),
('less than half', false, false, false, true),
('half of the share', false, false, true, true),
('less than half of it', false, false, false, true);

-- case: without a median, or with few adds, nothing is large; without a depth nothing stands
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_size_baselines
select *
from (
    values
    ('2024-08-08 12:00Z', 1, 19, '2024-08-08 12:00:09Z'),
    ('2024-08-08 12:00Z', -1, 20, '2024-08-08 12:00:09Z'),
    ('2024-08-08 12:01Z', 1, 20, '2024-08-08 12:01:09Z')
) as given (minute_at, book_side, n_obs, known_at);
-- given: features.book_events
select *
from (
    values
    ('few', 1, 60, '2024-08-08 12:00:10Z'),
    ('enough', -1, 60, '2024-08-08 12:00:10Z'),
    ('none', 1, 60, '2024-08-08 12:02:10Z'),
    ('not yet', 1, 60, '2024-08-08 12:01:08Z'),
    ('no depth', -1, null, '2024-08-08 12:00:10Z')
) as given (epoch, book_side, ask_size_200bps, received_at);
-- expect: epoch, is_large, is_standing, n_obs
values
('enough', true, true, 20),
('few', false, true, 19),
('no depth', true, false, 20),
('none', false, true, 0),
('not yet', false, true, 0);

-- case: a quote in coins is weighed by the last whole hours, and one without a rate is left out
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.quote_rates
select *
from (
    values
    ('binance', 'BTC', 50_000, '2024-08-08 11:00Z'),
    ('binance', 'BTC', 60_000, '2024-08-08 12:00Z'),
    ('binance', 'BTC', 90_000, '2024-08-08 13:00Z'),
    ('binance', 'BNB', 500, '2024-08-07 11:59:59Z'),
    ('kraken', 'ETH', 3_000, '2024-08-08 12:00Z')
) as given (venue, coin, usd_rate, known_at);
-- given: features.book_events
select
    *,
    10 as price,
    100 as size
from (
    values
    ('ETH-BTC'),
    ('ETH-BNB'),
    ('SOL-ETH'),
    ('BTC-PERPETUAL')
) as given (pair);
-- expect: pair, notional_usd
values ('ETH-BTC', 60_000_000);

-- case: beyond the reach of 2 % it is held against all that is known
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_events
select
    -1 as book_side,
    null as ask_size_200bps,
    100 as ask_size_all;
-- expect: side_depth, depth_frac
values (100, 0.25);
