-- default: venue = 'bitfinex', pair = 'BTC-USD', epoch = '160', book_side = 1, price = 99.95
-- default: order_id = 7, update_id = 7, size = 500, notional = 49_975, life_ms = 2_000
-- default: exec_frac = 0, dist_bps = 5, touch_bps = 4, is_confirmed = true, spoof_score = 80
-- default: has_opp_fill = true, opp_fill_size = 75, has_price_response = false
-- default: is_layer = false, n_layers = 1, n_prices = 1, coin = 'USD', sequence = 1
-- default: n_obs = 500, median_size = 10, p99_size = 100, moved_bps = 0, reverted_bps = null
-- default: added_at = '2024-08-08 12:00:01Z', ended_at = '2024-08-08 12:00:03Z'

-- case: the rule book's order a, after which 75 were bought, is low as the only one
-- given: features.spoof_orders
select timestamptz '2024-08-08 12:00:13Z' as known_at;
-- given: curated.dollar_coins
select 'USD' as coin;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'bitfinex:BTC-USD', 'pair', '2024-08-08 12:00:03Z', '2024-08-08 12:00:13Z', 'bear', 29.5,
    0.4, 49975,
    'bitfinex:BTC-USD: spoof-like bid of 500.0 at 99.95, gone after 2000 ms with 0.0 % traded; '
    || '1 such in 10 minutes',
    'crypto.spoof_like|bitfinex:BTC-USD|7|1723118401000',
    '{
        "order_id": 7, "book_side": 1, "price": 99.95, "size": 500.0, "life_ms": 2000.0,
        "exec_frac": 0.0, "dist_bps": 5.0, "touch_bps": 4.0, "median_size": 10.0,
        "p99_size": 100.0, "n_obs": 500, "opp_fill": true, "opp_fill_size": 75.0,
        "price_response": false, "moved_bps": 0.0, "reverted_bps": null, "layer": false,
        "n_layers": 1, "spoof_score": 80, "n_orders": 1, "n_medium": 1, "n_high": 0,
        "mean_moved_bps": 0.0, "epoch": "160", "update_id": 7, "added_us": 1723118401000000,
        "ended_us": 1723118403000000
    }'
);

-- case: an order without a sign, as the rule book's order e, stays quiet
-- given: features.spoof_orders
select
    false as is_confirmed,
    false as has_opp_fill,
    55 as spoof_score,
    -1 as book_side,
    timestamptz '2024-08-08 12:00:13Z' as known_at;
-- expect: nothing

-- case: two at 75 are medium, five at 85 high, and critical where the price went 5 bps on average
-- given: features.spoof_orders
select
    given.pair, given.book_side, given.spoof_score, given.moved_bps,
    given.sequence,
    given.sequence as order_id,
    timestamptz '2024-08-08 12:00:03Z' + given.sequence * interval 1 minute as ended_at,
    timestamptz '2024-08-08 12:00:13Z' + given.sequence * interval 1 minute as known_at
from (
    select
        kinds.pair, kinds.book_side, kinds.spoof_score, kinds.moved_bps, steps.sequence
    from (
        values
        ('60', 1, 60, 9),
        ('75', 1, 75, 9),
        ('85', -1, 85, 4.999999),
        ('100', -1, 100, 5),
        ('100 and 10 bps', 1, 100, 10)
    ) as kinds (pair, book_side, spoof_score, moved_bps)
    cross join range(0, 7) as steps (sequence)
) as given;
-- expect: entity, fired_at, direction, score
values
('bitfinex:60', '2024-08-08 12:00:13Z', 'bear', 20),
('bitfinex:75', '2024-08-08 12:00:13Z', 'bear', 27.125),
('bitfinex:75', '2024-08-08 12:01:13Z', 'bear', 40),
('bitfinex:85', '2024-08-08 12:00:13Z', 'bull', 31.875),
('bitfinex:85', '2024-08-08 12:01:13Z', 'bull', 47.6),
('bitfinex:85', '2024-08-08 12:04:13Z', 'bull', 60),
('bitfinex:100', '2024-08-08 12:00:13Z', 'bull', 39),
('bitfinex:100', '2024-08-08 12:01:13Z', 'bull', 59),
('bitfinex:100', '2024-08-08 12:04:13Z', 'bull', 80),
('bitfinex:100 and 10 bps', '2024-08-08 12:00:13Z', 'bear', 39),
('bitfinex:100 and 10 bps', '2024-08-08 12:01:13Z', 'bear', 59),
('bitfinex:100 and 10 bps', '2024-08-08 12:04:13Z', 'bear', 100);

-- case: ten minutes count, each side for itself, and a quarter of an hour begins anew
-- given: features.spoof_orders
select
    given.pair, given.book_side, given.order_id,
    given.known_at - interval 10 seconds as ended_at,
    given.known_at
from (
    values
    ('two', 1, 1, timestamptz '2024-08-08 12:01:00Z'),
    ('two', 1, 2, timestamptz '2024-08-08 12:11:00Z'),
    ('apart', 1, 1, timestamptz '2024-08-08 12:01:00Z'),
    ('apart', 1, 2, timestamptz '2024-08-08 12:11:00.000001Z'),
    ('sides', 1, 1, timestamptz '2024-08-08 12:01:00Z'),
    ('sides', -1, 2, timestamptz '2024-08-08 12:02:00Z'),
    ('anew', 1, 1, timestamptz '2024-08-08 12:01:00Z'),
    ('anew', 1, 2, timestamptz '2024-08-08 12:15:00Z')
) as given (pair, book_side, order_id, known_at);
-- expect: entity, evidence ->> '$.order_id', score, evidence ->> '$.n_orders'
values
('bitfinex:two', '1', 29.5, '1'),
('bitfinex:two', '2', 43.8, '2'),
('bitfinex:apart', '1', 29.5, '1'),
('bitfinex:sides', '1', 29.5, '1'),
('bitfinex:sides', '2', 29.5, '1'),
('bitfinex:anew', '1', 29.5, '1'),
('bitfinex:anew', '2', 29.5, '1');

-- case: a maker who withdraws a large quote as others trade looks the same (noisy)
-- given: features.spoof_orders
select
    80 as life_ms,
    'BTC-EUR' as pair,
    true as has_price_response,
    100 as spoof_score,
    timestamptz '2024-08-08 12:00:13Z' as known_at;
-- expect: confidence, notional_usd, score
values (0.6, null, 39);

-- case: what leaves the window that a venue shows looks cancelled (noisy)
-- given: features.spoof_orders
select
    49 as dist_bps,
    48 as touch_bps,
    65 as spoof_score,
    timestamptz '2024-08-08 12:00:13Z' as known_at;
-- expect: score
values (22.375);
