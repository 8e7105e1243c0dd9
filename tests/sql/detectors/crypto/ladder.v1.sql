-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, order_size = 1.14566
-- default: n_orders = 12, n_prices = 12, notional_usd = 846_541.18, min_price = 61_505.57
-- default: max_price = 61_642.66, min_dist_bps = 5, max_dist_bps = 28
-- default: bar_at = '2024-08-08 12:00:00Z', known_at = '2024-08-08 12:00:01.25Z'

-- case: twelve orders of one size within a second are low
-- given: features.ladders
select 1 as book_side;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'binance:BTC-USDT', 'pair', '2024-08-08 12:00:01.25Z', '2024-08-08 12:00:01.25Z', 'bull',
    30.064454, 0.3, 846_541.18,
    'binance:BTC-USDT: 12 orders of 1.14566 at 12 bid prices from 61505.57 to 61642.66, '
    || '846541 USD',
    'crypto.ladder|binance:BTC-USDT|bid_1.14566|1723118400000',
    '{
        "book_side": 1, "order_size": 1.14566, "n_orders": 12, "n_prices": 12,
        "notional_usd": 846541.18, "min_price": 61505.57, "max_price": 61642.66,
        "min_dist_bps": 5.0, "max_dist_bps": 28.0, "is_ladder": true, "epoch": "160",
        "began_us": 1723118400000000, "ended_us": 1723118401250000
    }'
);

-- case: from the floor on the score grows with the sum, and is low at most
-- given: features.ladders
select *
from (
    values
    (1, -1, 250_000),
    (2, -1, 2_500_000),
    (3, -1, 25_000_000)
) as given (order_size, book_side, notional_usd);
-- expect: direction, score
values
('bear', 20),
('bear', 39),
('bear', 39);

-- case: without a ladder there is nothing
-- given: features.ladders
select 1 as book_side
where false;
-- expect: nothing

-- case: one size that a market maker quotes anew all day is told once in a quarter (noisy)
-- given: features.ladders
select
    timestamptz '2024-08-08 12:00:00Z' + given.n * interval 1 minute as bar_at,
    timestamptz '2024-08-08 12:00:01.25Z' + given.n * interval 1 minute as known_at
from range(3, 31) as given (n);
-- expect: fired_at
values
('2024-08-08 12:03:01.25Z'),
('2024-08-08 12:15:01.25Z'),
('2024-08-08 12:30:01.25Z');

-- case: a size that many choose looks like one ladder (noisy)
-- given: features.ladders
select
    1 as order_size,
    5 as n_orders,
    5 as n_prices,
    300_000 as notional_usd;
-- expect: score
values (21.504444);
