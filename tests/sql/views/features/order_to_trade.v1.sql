-- default: venue = 'bitfinex', pair = 'BTC-USD', book_side = 1, price = 99.99, mid = 100.0
-- default: best_bid = 99.99, best_ask = 100.01, is_large = true, exec_size = 0
-- default: is_aggregate = false, traded_at = '2024-08-08 12:00:30Z'

-- case: adds over trades, by number and volume, and how much was cancelled near the best price
-- given: features.book_events
select
    *,
    timestamptz '2024-08-08 12:00:59.9Z' as received_at,
    timestamptz '2024-08-08 12:01:00.15Z' as known_at
from (
    values
    (1, 99.99, 4, null, null),
    (1, 99.00, 2, null, null),
    (-1, 100.06, 1, null, null),
    (1, 99.94, 3, 1, 2),
    (1, 99.93, 3, 0, 3),
    (-1, 100.06, 1, 0, 1)
) as given (book_side, price, change_size, exec_size, cancel_size);
-- given: curated.crypto_trades
select
    *,
    timestamptz '2024-08-08 12:00:30Z' as known_at
from (
    values
    (1, false, 0.5),
    (2, false, 0.5),
    (1, true, 1)
) as given (trade_id, is_aggregate, size);
-- expect: venue, pair, bar_at, known_at, n_adds, added_size, cancelled_size, n_trades,
--     traded_size, otr_number, otr_volume, n_large, near_touch_cancel_frac
values (
    'bitfinex', 'BTC-USD', '2024-08-08 12:00Z', '2024-08-08 12:02:01Z', 3, 7, 6, 2, 1, 0.5, 6, 0,
    0.5
);

-- case: large orders that went untraded within 100 ms, 1 s and 5 s
-- given: features.book_events
select
    1 as change_size,
    null as exec_size,
    timestamptz '2024-08-08 12:00:10Z' as received_at,
    timestamptz '2024-08-08 12:00:10.25Z' as known_at;
-- given: features.order_lives
select
    *,
    timestamptz '2024-08-08 12:00:59Z' as added_at,
    timestamptz '2024-08-08 12:01:59.25Z' as known_at
from (
    values
    (100, 0, true),
    (100.001, 0, true),
    (1_000, 0, true),
    (5_000, 0, true),
    (5_000, 0.1, true),
    (5_000.001, 0, true),
    (null, 0, true),
    (null, 0, true),
    (100, 0, false)
) as given (life_ms, exec_size, is_large);
-- expect: n_large, cancel_within_100ms_frac, cancel_within_1s_frac, cancel_within_5s_frac,
--     n_trades, otr_number, near_touch_cancel_frac
values (8, 0.125, 0.375, 0.5, 0, null, null);

-- case: where no single trade came aggregates count, and one that is told again counts once
-- given: features.book_events
select
    1 as change_size,
    null as exec_size,
    timestamptz '2024-08-08 12:00:10Z' as received_at,
    timestamptz '2024-08-08 12:00:10.25Z' as known_at;
-- given: curated.crypto_trades
select
    *,
    true as is_aggregate
from (
    values
    (1, 2, '2024-08-08 12:00:30Z'),
    (1, 3, '2024-08-08 12:00:31Z'),
    (2, 2, '2024-08-08 12:00:32Z')
) as given (trade_id, size, known_at);
-- expect: n_trades, traded_size, otr_number
values (2, 4, -0.5);

-- case: a minute is told once the minutes of its orders are over
-- span: 2024-08-08 12:00Z 2024-08-08 12:02:01Z
-- given: features.book_events
select
    1 as change_size,
    null as exec_size,
    timestamptz '2024-08-08 12:00:10Z' as received_at,
    timestamptz '2024-08-08 12:00:10.25Z' as known_at;
-- expect: nothing
