-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 161, book_side = 1
-- default: band_bps = 0, price = 9_995, add_size = 20, size = 25, dist_bps = 5, mid = 10_000
-- default: spread_frac = 0.001, usd_rate = 1, notional_usd = 199_900, side_depth = 100
-- default: near_depth = 1_000, near_frac = 0.02, lean_size = 10, is_round_price = false
-- default: n_moments = 500, mean_size = 1, variance = 1, n_obs = 500, median_size = 2
-- default: p90_size = 8, p99_size = 16, mad_log_size = 1, size_pr = 0.99, size_mz = 1.5
-- default: depth_frac = 0.2, closeness = 0.904837418, minute_at = '2024-08-08 12:34Z'
-- default: known_at = '2024-08-08 12:34:56Z', exchange_at = '2024-08-08 12:34:55Z'

-- case: the cuts are those of the golden vectors, and a base of none is no score
-- param: min_points = 1
-- given: features.whale_orders
select
    *,
    200 as dist_bps,
    100 as lean_size
from (
    values
    ('A', 1, 1, 3.737),
    ('B', 1, 1, 3.738),
    ('C', 1, 1, 8.594),
    ('D', 1, 1, 8.595),
    ('E', 1, 1, 19.759),
    ('F', 1, 1, 19.76),
    ('G', 2, 12, 10.535),
    ('H', 2, 12, 10.537),
    ('I', 2, 12, 34.199),
    ('J', 2, 12, 34.201),
    ('K', 2, 12, 111.011),
    ('L', 2, 12, 111.013),
    ('M', 2, 0, 111.013)
) as given (pair, mean_size, variance, add_size);
-- expect: entity, cast(evidence ->> '$.points' as bigint),
--     round(cast(evidence ->> '$.first_cut' as double), 3),
--     round(cast(evidence ->> '$.second_cut' as double), 3),
--     round(cast(evidence ->> '$.third_cut' as double), 3)
values
('binance:B', 1, 3.738, 8.594, 19.760),
('binance:C', 1, 3.738, 8.594, 19.760),
('binance:D', 2, 3.738, 8.594, 19.760),
('binance:E', 2, 3.738, 8.594, 19.760),
('binance:F', 3, 3.738, 8.594, 19.760),
('binance:H', 1, 10.536, 34.200, 111.012),
('binance:I', 1, 10.536, 34.200, 111.012),
('binance:J', 2, 10.536, 34.200, 111.012),
('binance:K', 2, 10.536, 34.200, 111.012),
('binance:L', 3, 10.536, 34.200, 111.012);

-- case: a wide spread, a price near the mid and a size ten times the lean are a point each
-- given: features.whale_orders
select *
from (
    values
    ('A', 5, 0.01, 99.9, 0.6, 199_900),
    ('B', 5, 0.011, 99.9, 0.6, 199_900),
    ('C', 5, 0.01, 99.9, 0.49, 199_900),
    ('D', 9, 0.011, 99.9, 0.1, 199_900),
    ('E', 20, 0.011, 100, 0.1, 199_900),
    ('F', 20, 0.011, 99.9, 0.1, 999_999),
    ('G', 20, 0.011, 99.9, 0.1, 1_000_000),
    ('H', 20, 0.011, 99.9, 0.1, null),
    ('I', 3, 0.011, 99.9, 0.1, 999_999)
) as given (pair, add_size, spread_frac, dist_bps, lean_size, notional_usd);
-- expect: entity, score
values
('binance:B', 20),
('binance:C', 20),
('binance:D', 60),
('binance:E', 60),
('binance:F', 79),
('binance:G', 80),
('binance:H', 79);

-- case: it says what it found, and when
-- given: features.whale_orders
select -1 as book_side;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:34:55Z', '2024-08-08 12:34:56Z', 'bear', 40, 0.3,
    199_900,
    'binance:BTC-USDT: an ask of 199900 USD came 5.0 bps from the mid, 20.0 times the mean, '
    || '4 points of 6',
    'crypto.whale|binance:BTC-USDT|ask|9995.0|161|1723120496000000'
);

-- case: a pair without 500 orders in two days, or with equal ones, is silent
-- given: features.whale_orders
select *
from (
    values ('FEW', 499, 1.0), ('EQUAL', 9_000, 0.0), ('NONE', 0, null)
) as given (pair, n_moments, variance);
-- expect: nothing

-- case: in a quarter of an hour a side is told again where worse, from medium on each price
-- given: features.whale_orders
select
    *
from (
    values
    (timestamptz '2024-08-08 12:30:00Z', 9_995, 1, 9),
    (timestamptz '2024-08-08 12:30:01Z', 9_995, 1, 9),
    (timestamptz '2024-08-08 12:30:02Z', 9_994, 1, 9),
    (timestamptz '2024-08-08 12:30:03Z', 9_995, -1, 9),
    (timestamptz '2024-08-08 12:30:04Z', 9_995, 1, 20),
    (timestamptz '2024-08-08 12:30:05Z', 9_995, 1, 21),
    (timestamptz '2024-08-08 12:30:06Z', 9_994, 1, 20),
    (timestamptz '2024-08-08 12:30:07Z', 9_993, 1, 9),
    (timestamptz '2024-08-08 12:45:00Z', 9_995, 1, 9)
) as given (known_at, price, book_side, add_size);
-- expect: fired_at, direction, score
values
('2024-08-08 12:30:00Z', 'bull', 20),
('2024-08-08 12:30:03Z', 'bear', 20),
('2024-08-08 12:30:04Z', 'bull', 40),
('2024-08-08 12:30:06Z', 'bull', 40),
('2024-08-08 12:45:00Z', 'bull', 20);

-- case: far from the price, where all orders are large, they count as any other (noisy)
-- given: features.whale_orders
select
    4_000 as dist_bps,
    200 as band_bps,
    22 as median_size,
    1 as lean_size;
-- expect: score
values (40);

-- case: of a fat tail some are always far above the mean (noisy)
-- given: features.whale_orders
select
    2 as mean_size,
    12 as variance,
    112 as add_size;
-- expect: score
values (60);
