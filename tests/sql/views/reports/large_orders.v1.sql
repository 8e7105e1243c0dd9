-- default: detector = 'crypto.whale', entity = 'binance:BTC-USDT', score = 55, notional_usd = 6e5
-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, price = 60_000.0
-- default: exec_size = null, cancel_size = null, order_event = 'decrease', sequence = 1

-- case: a whale is gone when less than half of it is left, by trades or without
-- given: curated.alerts
select
    key as alert_key,
    timestamptz '2024-08-08 12:00:00Z' as fired_at,
    to_json(struct_pack(
        epoch := '160', book_side := 1, price := price, size := 10.0, dist_bps := 3.5
    )) as evidence
from (values ('eaten', 60_000.0), ('pulled', 60_010.0), ('stands', 60_020.0)) as given (key, price);
-- given: features.book_events
select
    *,
    received_at as known_at
from (
    values
    (1, 60_000.0, 10.0, 0.0, 0.0, timestamptz '2024-08-08 12:00:00Z'),
    (2, 60_000.0, 6.0, 4.0, 0.0, timestamptz '2024-08-08 12:00:01Z'),
    (3, 60_000.0, 4.0, 1.0, 1.0, timestamptz '2024-08-08 12:00:02.5Z'),
    (4, 60_000.0, 0.0, 0.0, 4.0, timestamptz '2024-08-08 12:00:03Z'),
    (5, 60_010.0, 1.0, 2.0, 7.0, timestamptz '2024-08-08 12:00:04Z'),
    (6, 60_020.0, 6.0, 0.0, 4.0, timestamptz '2024-08-08 12:00:05Z'),
    (7, 50_000.0, 6.0, 0.0, 4.0, timestamptz '2024-08-08 12:00:30Z')
) as given (update_id, price, size, exec_size, cancel_size, received_at);
-- expect: alert_key, order_kind, order_state, ended_at, life_s, eaten_frac, seen_until, dist_bps
values
(
    'eaten', 'whale', 'eaten', '2024-08-08 12:00:02.5Z', 2.5, 0.833333333,
    '2024-08-08 12:00:02.5Z', 3.5
),
('pulled', 'whale', 'pulled', '2024-08-08 12:00:04Z', 4, 0.222222222, '2024-08-08 12:00:04Z', 3.5),
('stands', 'whale', 'stands', null, null, 0, '2024-08-08 12:00:30Z', 3.5);

-- case: an order is followed by its number, on its side, in its own book
-- given: curated.alerts
select
    'a' as alert_key,
    timestamptz '2024-08-08 12:00:00Z' as fired_at,
    to_json(struct_pack(
        epoch := '160', book_side := 1, price := 60_000.0, order_id := 7, size := 10.0
    )) as evidence;
-- given: features.book_events
select
    *,
    0 as size,
    received_at as known_at
from (
    values
    (1, 8, 1, 'BTC-USDT', timestamptz '2024-08-08 12:00:01Z'),
    (2, 7, -1, 'BTC-USDT', timestamptz '2024-08-08 12:00:02Z'),
    (3, 7, 1, 'ETH-USDT', timestamptz '2024-08-08 12:00:03Z'),
    (4, 7, 1, 'BTC-USDT', timestamptz '2024-08-08 12:00:09Z')
) as given (update_id, order_id, book_side, pair, received_at);
-- expect: order_id, ended_at
values (7, '2024-08-08 12:00:09Z');

-- case: what a book that was begun anew has become of a whale is unknown
-- given: curated.alerts
select
    'a' as alert_key,
    timestamptz '2024-08-08 12:00:00Z' as fired_at,
    to_json(struct_pack(epoch := '160', book_side := 1, price := 60_000.0, size := 10.0))
        as evidence;
-- given: features.book_events
select
    1 as update_id,
    '161' as epoch,
    0 as size,
    timestamptz '2024-08-08 12:00:09Z' as received_at,
    timestamptz '2024-08-08 12:00:09Z' as known_at;
-- expect: order_state, ended_at, eaten_frac, seen_until
values ('unknown', null, null, '2024-08-08 12:00:00Z');

-- case: a wall is one row, as its end tells it; one that lasts for over an hour is unknown
-- given: curated.alerts
select
    key as alert_key,
    'crypto.wall' as detector,
    fired_at,
    to_json(struct_pack(
        wall_state := state, epoch := '160', book_side := -1, price := price, size := 25.0,
        began_us := epoch_us(began_at), ended_us := epoch_us(fired_at), exec_size := exec_size,
        cancel_size := cancel_size, moved_price := moved_price
    )) as evidence
from (
    values
    (
        'a stands', 'appeared', 61_000.0, timestamptz '2024-08-08 12:00:00Z',
        timestamptz '2024-08-08 12:00:10Z', null, null, null
    ),
    (
        'a gone', 'moved', 61_000.0, timestamptz '2024-08-08 12:00:00Z',
        timestamptz '2024-08-08 12:01:00Z', 5.0, 20.0, 61_050.0
    ),
    (
        'b stands', 'appeared', 62_000.0, timestamptz '2024-08-08 12:00:00Z',
        timestamptz '2024-08-08 12:00:10Z', null, null, null
    ),
    (
        'c stands', 'appeared', 62_000.0, timestamptz '2024-08-08 12:59:00Z',
        timestamptz '2024-08-08 12:59:10Z', null, null, null
    )
) as given (key, state, price, began_at, fired_at, exec_size, cancel_size, moved_price);
-- given: features.book_events
select
    1 as update_id,
    5 as size,
    timestamptz '2024-08-08 13:00:01Z' as received_at,
    timestamptz '2024-08-08 13:00:01Z' as known_at;
-- expect: alert_key, order_kind, book_side, began_at, ended_at, order_state, eaten_frac,
--     moved_price
values
('a gone', 'wall', -1, '2024-08-08 12:00:00Z', '2024-08-08 12:01:00Z', 'moved', 0.2, 61_050),
('b stands', 'wall', -1, '2024-08-08 12:00:00Z', null, 'unknown', null, null),
('c stands', 'wall', -1, '2024-08-08 12:59:00Z', null, 'stands', null, null);

-- case: other detectors, withdrawn alerts and those before the span are left out
-- span: 2024-08-08T12:00:00Z 2024-08-08T13:00:00Z
-- given: curated.alerts
select
    *,
    '{"epoch": "160", "book_side": 1, "price": 60000, "size": 10}' as evidence
from (
    values
    ('a', 'crypto.whale', timestamptz '2024-08-08 11:59:59Z', null),
    ('b', 'crypto.spoof_like', timestamptz '2024-08-08 12:00:00Z', null),
    ('c', 'crypto.whale', timestamptz '2024-08-08 12:00:00Z', timestamptz '2024-08-08 12:10:00Z'),
    ('d', 'crypto.whale', timestamptz '2024-08-08 12:00:00Z', null)
) as given (alert_key, detector, fired_at, withdrawn_at);
-- expect: alert_key, order_state, known_at
values ('d', 'stands', '2024-08-08 12:00:00Z');
