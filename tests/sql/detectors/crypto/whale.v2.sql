-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 161, book_side = 1
-- default: band_bps = 0, price = 9_995, add_size = 20, size = 25, dist_bps = 5, mid = 10_000
-- default: spread_frac = 0.001, usd_rate = 1, notional_usd = 199_900, side_depth = 100
-- default: near_depth = 1_000, near_frac = 0.02, lean_size = 10, is_round_price = false
-- default: n_moments = 500, mean_size = 1, variance = 1, n_obs = 500, median_size = 2
-- default: p90_size = 8, p99_size = 16, mad_log_size = 1, size_pr = 0.99, size_mz = 1.5
-- default: depth_frac = 0.2, closeness = 0.904837418, minute_at = '2024-08-08 12:34Z'
-- default: known_at = '2024-08-08 12:34:56Z', exchange_at = '2024-08-08 12:34:55Z'

-- case: the score is half size, a quarter depth, and how near and how many dollars it is
-- given: features.whale_orders
select
    1 as size_pr,
    0.4 as depth_frac,
    0.9 as closeness;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:34:55Z', '2024-08-08 12:34:56Z', 'bull',
    47, 0.4, 199_900,
    'binance:BTC-USDT: a bid of 199900 USD came 5.0 bps from the mid, 10.0 times the usual '
    || 'there, whale score 78.5',
    'crypto.whale|binance:BTC-USDT|bid|9995.0|161|1723120496000000',
    '{
        "whale_score": 78.5, "size_part": 1.0, "depth_part": 0.4, "closeness_part": 0.9,
        "notional_part": 0.5, "book_side": 1, "price": 9995.0, "order_id": null,
        "add_size": 20.0, "size": 25.0, "dist_bps": 5.0, "band_bps": 0, "mid": 10000.0,
        "spread_frac": 0.001, "usd_rate": 1.0, "notional_usd": 199900.0, "side_depth": 100.0,
        "near_frac": 0.02, "size_pr": 1.0, "size_mz": 1.5, "median_size": 2.0, "p90_size": 8.0,
        "p99_size": 16.0, "mad_log_size": 1.0, "n_obs": 500, "round_price": false,
        "is_order": false, "epoch": "160", "update_id": 161, "minute_us": 1723120440000000
    }'
);

-- case: the cuts are 60, 75, 85 and 95, and critical needs a million dollars
-- given: features.whale_orders
select *
from (
    values
    ('A', 1.0, 0.199, 0.0, 199_900),
    ('B', 1.0, 0.2, 0.0, 199_900),
    ('C', 1.0, 0.8, 0.0, 199_900),
    ('D', 1.0, 0.96, 0.4, 199_900),
    ('E', 1.0, 1.0, 1.0, 199_900),
    ('F', 1.0, 0.8, 1.0, 1_000_000),
    ('G', 1.0, 1.0, 1.0, 1_000_000),
    ('H', 0.99, 1.0, 1.0, null),
    ('I', 0.99, 1.0, 1.0, 99_999),
    ('J', 0.95, 1.0, 1.0, 1_000_000),
    ('K', 0.9, 1.0, 1.0, 1_000_000)
) as given (pair, size_pr, depth_frac, closeness, notional_usd);
-- expect: entity, score
values
('binance:B', 20),
('binance:C', 40),
('binance:D', 60),
('binance:E', 79),
('binance:F', 80),
('binance:G', 100),
('binance:H', 60),
('binance:I', 60),
('binance:J', 40);

-- case: it grows with the size's rank and falls with the distance
-- given: features.whale_orders
select
    *,
    exp(-dist_bps / 50) as closeness,
    0.5 as depth_frac
from (
    values
    ('A', 0.98, 5.0), ('B', 0.99, 5.0), ('C', 0.995, 5.0), ('D', 0.995, 25.0), ('E', 0.995, 49.0)
) as given (pair, size_pr, dist_bps);
-- expect: entity, round(cast(evidence ->> '$.whale_score' as double), 3)
values
('binance:A', 71.073),
('binance:B', 76.073),
('binance:C', 78.573),
('binance:D', 74.098),
('binance:E', 70.63);

-- case: without 500 of them, a rank or a depth nothing is said
-- given: features.whale_orders
select *
from (
    values ('FEW', 499, 1.0, 1.0), ('SMALL', 9_000, null, 1.0), ('BLIND', 9_000, 1.0, null)
) as given (pair, n_obs, size_pr, depth_frac);
-- expect: nothing

-- case: an order, a long history and a price that is not round are worth more
-- given: features.whale_orders
select
    *,
    1 as size_pr,
    1 as depth_frac
from (
    values ('A', 9, 500, false), ('B', null, 5_000, false), ('C', null, 4_999, true)
) as given (pair, order_id, n_obs, is_round_price);
-- expect: entity, confidence, alert_key
values
('binance:A', 0.7, 'crypto.whale|binance:A|bid|9995.0|9|1723120496000000'),
('binance:B', 0.6, 'crypto.whale|binance:B|bid|9995.0|161|1723120496000000'),
('binance:C', 0.3, 'crypto.whale|binance:C|bid|9995.0|161|1723120496000000');

-- case: in a quarter of an hour a side is told again where worse, from medium on each price
-- given: features.whale_orders
select
    *,
    1 as size_pr,
    0 as closeness
from (
    values
    (timestamptz '2024-08-08 12:30:00Z', 9_995, 1, 0.2),
    (timestamptz '2024-08-08 12:30:01Z', 9_995, 1, 0.2),
    (timestamptz '2024-08-08 12:30:02Z', 9_994, 1, 0.2),
    (timestamptz '2024-08-08 12:30:03Z', 9_995, -1, 0.2),
    (timestamptz '2024-08-08 12:30:04Z', 9_995, 1, 0.8),
    (timestamptz '2024-08-08 12:30:05Z', 9_995, 1, 0.9),
    (timestamptz '2024-08-08 12:30:06Z', 9_994, 1, 0.8),
    (timestamptz '2024-08-08 12:30:07Z', 9_993, 1, 0.2),
    (timestamptz '2024-08-08 12:45:00Z', 9_995, 1, 0.2)
) as given (known_at, price, book_side, depth_frac);
-- expect: fired_at, direction, score
values
('2024-08-08 12:30:00Z', 'bull', 20),
('2024-08-08 12:30:03Z', 'bear', 20),
('2024-08-08 12:30:04Z', 'bull', 40),
('2024-08-08 12:30:06Z', 'bull', 40),
('2024-08-08 12:45:00Z', 'bull', 20);

-- case: a quote that is shown anew at another price is another whale (noisy)
-- given: features.whale_orders
select
    *,
    1 as size_pr,
    0.5 as depth_frac
from (
    values
    (timestamptz '2024-08-08 12:30:00Z', 9_995), (timestamptz '2024-08-08 12:30:01Z', 9_994)
) as given (known_at, price);
-- expect: count(*)
values (2);

-- case: on a book of levels, what comes to one price at once is one order (noisy)
-- given: features.whale_orders
select 1 as size_pr;
-- expect: evidence ->> '$.is_order'
values ('false');
