-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 161, book_side = 1
-- default: band_bps = 0, price = 10_000, size = 3, dist_bps = 5, bin = 414
-- default: mid = 10_005, best_bid = 10_000, best_ask = 10_010, bid_size_50bps = 100
-- default: ask_size_50bps = 200, bid_size_500bps = 1_000, ask_size_500bps = 2_000
-- default: bid_size_all = 4_000, ask_size_all = 5_000, minute_at = '2024-08-08 12:34Z'
-- default: hour_at = '2024-08-08 12:00Z', known_at = '2024-08-08 12:34:56Z'

-- case: it matters from 50,000 dollars on, or from a hundredth of what is within 500 bps
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_adds
select *
from (
    values
    ('BTC-USDT', 5.0),
    ('ETH-USDT', 4.99999999),
    ('ETH-BTC', 29.99999999),
    ('DOGE-BTC', 30.0)
) as given (pair, add_size);
-- expect: pair, add_size, usd_rate, notional_usd, near_frac
values
('BTC-USDT', 5, 1, 50_000, 0.001666667),
('DOGE-BTC', 30, null, null, 0.01);

-- case: depth is of its own side, and where the book does not reach, of all that is known
-- given: features.book_adds
select
    *,
    90 as add_size
from (
    values
    (1, 'A', 100, 200, 1_000, 2_000),
    (-1, 'B', 100, 200, 1_000, 2_000),
    (1, 'C', null, 200, null, 2_000),
    (-1, 'D', 100, null, null, null)
) as given (
    book_side, pair, bid_size_50bps, ask_size_50bps, bid_size_500bps, ask_size_500bps
);
-- expect: pair, side_depth, near_depth, near_frac, lean_size, spread_frac
values
('A', 100, 3_000, 0.03, 1_000, 0.0009995),
('B', 200, 3_000, 0.03, 1_000, 0.0009995),
('C', 4_000, 6_000, 0.015, 1_000, 0.0009995),
('D', 5_000, 9_000, 0.01, 1_000, 0.0009995);

-- case: without any depth dollars alone count
-- given: curated.dollar_coins
select 'USDT' as coin;
-- given: features.book_adds
select
    *,
    null as bid_size_50bps,
    null as ask_size_50bps,
    null as bid_size_500bps,
    null as ask_size_500bps,
    null as bid_size_all,
    null as ask_size_all
from (values ('BTC-USDT', 5), ('BTC-EUR', 500)) as given (pair, add_size);
-- expect: pair, notional_usd, side_depth, near_depth, near_frac, lean_size
values ('BTC-USDT', 50_000, null, null, null, null);

-- case: what is quoted in coins is weighed by the venue's last whole hour, a day old at most
-- given: features.quote_rates
select
    *,
    hour_at + interval 1 hour as known_at
from (
    values
    ('binance', 'BTC', timestamptz '2024-08-08 10:00Z', 50_000),
    ('binance', 'BTC', timestamptz '2024-08-08 11:00Z', 60_000),
    ('binance', 'BTC', timestamptz '2024-08-08 12:00Z', 70_000),
    ('binance', 'ETH', timestamptz '2024-08-07 12:00Z', 3_000),
    ('binance', 'BNB', timestamptz '2024-08-07 11:00Z', 3_000),
    ('kraken', 'EUR', timestamptz '2024-08-08 11:00Z', 1.1)
) as given (venue, coin, hour_at, usd_rate);
-- given: features.book_adds
select
    *,
    0.05 as price,
    100 as add_size
from (values ('SOL-BTC'), ('SOL-ETH'), ('SOL-BNB'), ('SOL-EUR')) as given (pair);
-- expect: pair, usd_rate, notional_usd
values
('SOL-BTC', 60_000, 300_000),
('SOL-ETH', 3_000, 15_000),
('SOL-BNB', null, null),
('SOL-EUR', null, null);

-- case: a round price has two digits and zeros
-- given: features.book_adds
select
    *,
    100 as add_size
from (
    values (50_000), (51_000), (51_500), (1), (0.1), (0.00012), (0.000121), (99.9), (1_000)
) as given (price);
-- expect: price, is_round_price
values
(50_000, true),
(51_000, true),
(51_500, false),
(1, true),
(0.1, true),
(0.00012, true),
(0.000121, false),
(99.9, false),
(1_000, true);
