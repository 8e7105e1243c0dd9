-- default: venue = 'bitfinex', pair = 'BTC-USD', epoch = '160', book_side = 1, price = 99.95
-- default: size = 2, notional = 199.9, exec_size = 0, life_ms = 100, dist_bps = 5, coin = 'USD'

-- case: five orders that come to a price and go within a second, once in a quarter of an hour
-- given: features.order_lives
select
    steps.sequence,
    steps.sequence as order_id,
    timestamptz '2024-08-08 12:00Z' + steps.sequence * interval 200 milliseconds as added_at,
    timestamptz '2024-08-08 12:00:00.1Z' + steps.sequence * interval 200 milliseconds as ended_at,
    timestamptz '2024-08-08 12:00:00.35Z' + steps.sequence * interval 200 milliseconds as known_at
from range(0, 9) as steps (sequence);
-- given: curated.dollar_coins
select 'USD' as coin;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'bitfinex:BTC-USD', 'pair', '2024-08-08 12:00:00.9Z', '2024-08-08 12:00:01.15Z', 'neutral',
    20, 0.5, 199.9,
    'bitfinex:BTC-USD: 5 bids at 99.95 went within a second, all untraded',
    'crypto.flicker|bitfinex:BTC-USD|4|1723118400800',
    '{
        "book_side": 1, "price": 99.95, "n_cycles": 5, "last_order_id": 4, "last_size": 2.0,
        "sum_size": 10.0, "dist_bps": 5.0, "epoch": "160", "began_us": 1723118400000000,
        "ended_us": 1723118400900000
    }'
);

-- case: four, a slow fifth, traded ones, others' prices and sides, and long lives stay quiet
-- given: features.order_lives
select
    given.pair, given.book_side, given.price, given.exec_size, given.life_ms,
    given.sequence,
    given.sequence as order_id,
    timestamptz '2024-08-08 12:00Z' + given.at_ms * interval 1 millisecond as added_at,
    timestamptz '2024-08-08 12:00Z' + (given.at_ms + given.life_ms) * interval 1 millisecond
        as ended_at,
    timestamptz '2024-08-08 12:00:00.25Z'
    + (given.at_ms + given.life_ms) * interval 1 millisecond as known_at
from (
    values
    ('four', 1, 100, 0, 100, 1, 0),
    ('four', 1, 100, 0, 100, 2, 200),
    ('four', 1, 100, 0, 100, 3, 400),
    ('four', 1, 100, 0, 100, 4, 600),
    ('slow', 1, 100, 0, 100, 1, 0),
    ('slow', 1, 100, 0, 100, 2, 200),
    ('slow', 1, 100, 0, 100, 3, 400),
    ('slow', 1, 100, 0, 100, 4, 600),
    ('slow', 1, 100, 0, 100, 5, 901),
    ('traded', 1, 100, 0, 100, 1, 0),
    ('traded', 1, 100, 0, 100, 2, 200),
    ('traded', 1, 100, 0.1, 100, 3, 400),
    ('traded', 1, 100, 0, 100, 4, 600),
    ('traded', 1, 100, 0, 100, 5, 800),
    ('others', 1, 100, 0, 100, 1, 0),
    ('others', 1, 100, 0, 100, 2, 200),
    ('others', -1, 100, 0, 100, 3, 400),
    ('others', 1, 101, 0, 100, 4, 600),
    ('others', 1, 100, 0, 100, 5, 800),
    ('long', 1, 100, 0, 1_001, 1, 0),
    ('long', 1, 100, 0, 1_001, 2, 0),
    ('long', 1, 100, 0, 1_001, 3, 0),
    ('long', 1, 100, 0, 1_001, 4, 0),
    ('long', 1, 100, 0, 1_001, 5, 0)
) as given (pair, book_side, price, exec_size, life_ms, sequence, at_ms);
-- expect: nothing

-- case: a maker's program that follows the price does the same (noisy)
-- given: features.order_lives
select
    steps.sequence,
    steps.sequence as order_id,
    'BTC-EUR' as pair,
    case when steps.sequence < 25 then 10 else 30 end as life_ms,
    timestamptz '2024-08-08 12:00Z' as added_at,
    timestamptz '2024-08-08 12:00Z' + steps.sequence * interval 10 milliseconds as ended_at,
    timestamptz '2024-08-08 12:00:00.25Z' + steps.sequence * interval 10 milliseconds as known_at
from range(0, 50) as steps (sequence);
-- expect: score, notional_usd, evidence ->> '$.n_cycles'
values (20, null, '5');

-- case: several makers that come to one price at once do the same (noisy)
-- given: features.order_lives
select
    steps.sequence,
    steps.sequence as order_id,
    timestamptz '2024-08-08 12:00Z' as added_at,
    timestamptz '2024-08-08 12:00:00.1Z' as ended_at,
    timestamptz '2024-08-08 12:00:00.35Z' as known_at
from range(0, 20) as steps (sequence);
-- expect: score, evidence ->> '$.n_cycles'
values (39, '20');
