-- default: venue = 'bitfinex', pair = 'BTC-USD', epoch = '160', book_side = -1, coin = 'USD'
-- default: size = 500, notional = 50_000, opp_fill_size = 0, has_opp_fill = false
-- default: has_price_response = false, n_obs = 500, median_size = 10, p99_size = 100, price = 100
-- default: added_at = '2024-08-08 12:00:01Z', sequence = 1, update_id = 1

-- case: three asks at three prices that went within a second are layers, once
-- given: features.spoof_orders
select
    *,
    ended_at + interval 10 seconds as known_at
from (
    values
    (1, 100.01, 1, timestamptz '2024-08-08 12:00:03.0Z'),
    (2, 100.02, 2, timestamptz '2024-08-08 12:00:03.7Z'),
    (3, 100.03, 3, timestamptz '2024-08-08 12:00:04.0Z'),
    (4, 100.04, 3, timestamptz '2024-08-08 12:00:04.5Z')
) as given (order_id, price, n_prices, ended_at);
-- given: curated.dollar_coins
select 'USD' as coin;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'bitfinex:BTC-USD', 'pair', '2024-08-08 12:00:04Z', '2024-08-08 12:00:14Z', 'bull', 20, 0.4,
    150000,
    'bitfinex:BTC-USD: 3 large asks at 3 prices went within a second, hardly traded',
    'crypto.layering|bitfinex:BTC-USD|3|1723118401000',
    '{
        "book_side": -1, "n_orders": 3, "n_prices": 3, "sum_size": 1500.0, "opp_fill": false,
        "max_opp_fill_size": 0.0, "price_response": false, "last_order_id": 3,
        "last_price": 100.03, "median_size": 10.0, "p99_size": 100.0, "n_obs": 500,
        "epoch": "160", "began_us": 1723118401000000, "ended_us": 1723118404000000
    }'
);

-- case: two prices stay quiet, whatever else was seen
-- given: features.spoof_orders
select
    given.order_id,
    2 as n_prices,
    true as has_opp_fill,
    true as has_price_response,
    timestamptz '2024-08-08 12:00:03Z' as ended_at,
    timestamptz '2024-08-08 12:00:13Z' as known_at
from (values (1), (2), (3)) as given (order_id);
-- expect: nothing

-- case: with a trade on the other side they are medium, and high where the price came back too
-- given: features.spoof_orders
select
    given.pair, given.order_id, given.n_prices, given.has_opp_fill, given.has_price_response,
    timestamptz '2024-08-08 12:00:03Z' + given.order_id * interval 100 milliseconds as ended_at,
    timestamptz '2024-08-08 12:00:13Z' + given.order_id * interval 100 milliseconds as known_at
from (
    values
    ('filled', 1, 1, true, false),
    ('filled', 2, 2, false, false),
    ('filled', 3, 3, false, false),
    ('both', 1, 1, true, false),
    ('both', 2, 2, false, true),
    ('both', 3, 10, false, false),
    ('moved', 1, 1, false, true),
    ('moved', 2, 2, false, false),
    ('moved', 3, 3, false, false),
    ('worse', 1, 3, false, false),
    ('worse', 2, 3, false, false),
    ('worse', 3, 4, true, false),
    ('worse', 4, 3, false, false)
) as given (pair, order_id, n_prices, has_opp_fill, has_price_response);
-- expect: entity, evidence ->> '$.last_order_id', round(score, 3), confidence
values
('bitfinex:filled', '3', 40, 0.6),
('bitfinex:both', '3', 79, 0.8),
('bitfinex:moved', '3', 20, 0.4),
('bitfinex:worse', '1', 20, 0.4),
('bitfinex:worse', '3', 42.714, 0.6);

-- case: sides and quarters of an hour are apart
-- given: features.spoof_orders
select
    given.book_side, given.order_id,
    3 as n_prices,
    given.known_at - interval 10 seconds as ended_at,
    given.known_at
from (
    values
    (1, 1, timestamptz '2024-08-08 12:00:13Z'),
    (-1, 2, timestamptz '2024-08-08 12:00:14Z'),
    (1, 3, timestamptz '2024-08-08 12:14:59Z'),
    (1, 4, timestamptz '2024-08-08 12:15:00Z')
) as given (book_side, order_id, known_at);
-- expect: evidence ->> '$.last_order_id', direction
values
('1', 'bear'),
('2', 'bull'),
('4', 'bear');

-- case: a maker who withdraws all its quotes at once looks the same (noisy)
-- given: features.spoof_orders
select
    given.order_id,
    'BTC-EUR' as pair,
    10 as n_prices,
    timestamptz '2024-08-08 12:00:03Z' as ended_at,
    timestamptz '2024-08-08 12:00:13Z' as known_at
from (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as given (order_id);
-- expect: score, notional_usd, evidence ->> '$.n_orders'
values (39, null, '10');
