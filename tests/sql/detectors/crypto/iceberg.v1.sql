-- default: venue = 'bitfinex', pair = 'BTC-USD', epoch = '160', book_side = 1, price = 100.0
-- default: size = 10, shown_size = 10, exec_size = 10, delay_ms = 300, sequence = 1
-- default: coin = 'USD'

-- case: the rule book's level came back three times, and 3.0 times what it showed was traded
-- given: features.book_refills
select
    given.update_id,
    timestamptz '2024-08-08 12:00Z' + given.update_id * interval 1 second as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.update_id * interval 1 second as known_at
from (values (1), (2), (3), (4)) as given (update_id);
-- given: curated.dollar_coins
select 'USD' as coin;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'bitfinex:BTC-USD', 'pair', '2024-08-08 12:00:03Z', '2024-08-08 12:00:03.25Z', 'bull', 20,
    0.3, 3000,
    'bitfinex:BTC-USD: bid of 10.0 at 100.0 came back 3 times after it was traded, 3.0 times '
    || 'what was shown',
    'crypto.iceberg|bitfinex:BTC-USD|1|100.0|1723118403000000|3',
    '{
        "book_side": 1, "price": 100.0, "n_refills": 3, "ratio": 3.0, "shown_size": 10.0,
        "sum_exec": 30.0, "delay_ms": 300.0, "is_level": true, "last_order_id": null,
        "epoch": "160", "update_id": 3, "began_us": 1723118401000000,
        "ended_us": 1723118403000000
    }'
);

-- case: of orders each one is filled and followed; six are medium, ten and a million high
-- given: features.book_refills
select
    given.pair,
    given.n_th as update_id,
    100 + given.n_th as order_id,
    99 + given.n_th as filled_order_id,
    100_000.0 as price,
    given.exec_size,
    timestamptz '2024-08-08 12:00Z' + given.n_th * interval 1 second as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.n_th * interval 1 second as known_at
from (
    select
        pairs.pair, pairs.exec_size, numbers.n_th
    from (values ('BTC-USD', 1.0), ('ETH-USD', 0.9), ('SOL-EUR', 9)) as pairs (pair, exec_size)
    cross join range(1, 12) as numbers (n_th)
) as given;
-- given: curated.dollar_coins
select 'USD' as coin;
-- expect: entity, happened_at, score, confidence, notional_usd
values
('bitfinex:BTC-USD', '2024-08-08 12:00:03Z', 20, 0.6, 300_000),
('bitfinex:BTC-USD', '2024-08-08 12:00:06Z', 40, 0.6, 600_000),
('bitfinex:BTC-USD', '2024-08-08 12:00:10Z', 60, 0.6, 1_000_000),
('bitfinex:ETH-USD', '2024-08-08 12:00:03Z', 20, 0.6, 270_000),
('bitfinex:ETH-USD', '2024-08-08 12:00:06Z', 40, 0.6, 540_000),
('bitfinex:SOL-EUR', '2024-08-08 12:00:03Z', 20, 0.6, null),
('bitfinex:SOL-EUR', '2024-08-08 12:00:06Z', 40, 0.6, null);

-- case: two in a row, strangers, a long wait, other sizes and a level hardly traded stay quiet
-- given: features.book_refills
select
    given.pair, given.update_id, given.order_id, given.filled_order_id, given.shown_size,
    given.exec_size,
    timestamptz '2024-08-08 12:00Z' + given.minute_no * interval 1 minute as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.minute_no * interval 1 minute as known_at
from (
    values
    ('two', 1, 2, 1, 10, 10, 0),
    ('two', 2, 3, 2, 10, 10, 1),
    ('strangers', 1, 2, 1, 10, 10, 0),
    ('strangers', 2, 4, 3, 10, 10, 1),
    ('strangers', 3, 6, 5, 10, 10, 2),
    ('wait', 1, 2, 1, 10, 10, 0),
    ('wait', 2, 3, 2, 10, 10, 1),
    ('wait', 3, 4, 3, 10, 10, 11.1),
    ('sizes', 1, 2, 1, 10, 10, 0),
    ('sizes', 2, 3, 2, 17, 17, 1),
    ('sizes', 3, 4, 3, 29, 29, 2),
    ('hardly', 1, null, null, 10, 9.9, 0),
    ('hardly', 2, null, null, 10, 10, 1),
    ('hardly', 3, null, null, 10, 10, 2)
) as given (
    pair, update_id, order_id, filled_order_id, shown_size, exec_size, minute_no
);
-- expect: nothing

-- case: sizes within a tenth are of one row wherever bins end, and other sizes do not break it
-- given: features.book_refills
select
    given.pair, given.update_id, given.order_id, given.filled_order_id, given.shown_size,
    timestamptz '2024-08-08 12:00Z' + given.update_id * interval 1 second as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.update_id * interval 1 second as known_at
from (
    values
    ('at a bin', 1, 2, 1, exp(0.79)),
    ('at a bin', 2, 3, 2, exp(0.81)),
    ('at a bin', 3, 4, 3, exp(0.8)),
    ('at half a bin', 1, 2, 1, exp(0.99)),
    ('at half a bin', 2, 3, 2, exp(1.01)),
    ('at half a bin', 3, 4, 3, exp(1)),
    ('between', 1, 2, 1, 10),
    ('between', 2, 8, 7, 30),
    ('between', 3, 3, 2, 10),
    ('between', 4, 9, 8, 30),
    ('between', 5, 4, 3, 10)
) as given (pair, update_id, order_id, filled_order_id, shown_size);
-- expect: entity, evidence ->> '$.n_refills'
values
('bitfinex:at a bin', '3'),
('bitfinex:at half a bin', '3'),
('bitfinex:between', '3');

-- case: makers who quote one round size at one price look the same (noisy)
-- given: features.book_refills
select
    given.update_id,
    given.update_id as order_id,
    given.update_id - 1 as filled_order_id,
    1.0 as size,
    1.0 as shown_size,
    1.0 as exec_size,
    timestamptz '2024-08-08 12:00Z' + given.update_id * interval 1 minute as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.update_id * interval 1 minute as known_at
from (values (1), (2), (3)) as given (update_id);
-- expect: fired_at, notional_usd
values ('2024-08-08 12:03:00.25Z', null);

-- case: on a book of levels anybody may have come back (noisy)
-- given: features.book_refills
select
    given.update_id,
    given.update_id * 10 as exec_size,
    timestamptz '2024-08-08 12:00Z' + given.update_id * interval 1 minute as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.update_id * interval 1 minute as known_at
from (values (1), (2), (3)) as given (update_id);
-- expect: fired_at, confidence
values ('2024-08-08 12:03:00.25Z', 0.3);
