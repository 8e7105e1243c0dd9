-- default: venue = 'bitfinex', pair = 'BTC-USD', epoch = '160', book_side = 1, price = 99.95
-- default: order_id = 7, size = 500, prev_size = 0, change_size = 500, exec_size = null
-- default: mid = 100.0, dist_bps = 5.0, band_bps = 0, best_bid = 99.99, best_ask = 100.01
-- default: minute_at = '2024-08-08 12:00Z', n_obs = 500, median_size = 10, p99_size = 100

-- case: the rule book's order a stood 2 s and nothing of it was traded
-- given: features.book_events
select
    *,
    received_at + interval 250 milliseconds as known_at
from (
    values
    (1, 'add', 500, 0, null, 100.0, timestamptz '2024-08-08 12:00:01Z'),
    (2, 'remove', 0, 500, 0, 100.02, timestamptz '2024-08-08 12:00:03Z')
) as given (update_id, order_event, size, prev_size, exec_size, mid, received_at);
-- given: features.book_size_baselines
select '2024-08-08 12:00:01Z' as known_at;
-- expect: venue, pair, added_at, ended_at, known_at, book_side, price, order_id, size, shown_size,
--     exec_size, exec_frac, life_ms, notional, dist_bps, touch_bps, band_bps, added_mid,
--     ended_mid, added_best_bid, added_best_ask, n_obs, median_size, p99_size, is_large, epoch,
--     update_id
values (
    'bitfinex', 'BTC-USD', '2024-08-08 12:00:01Z', '2024-08-08 12:00:03Z',
    '2024-08-08 12:00:03.25Z', 1, 99.95, 7, 500, 500, 0, 0, 2000, 49975, 5, 4, 0, 100.0, 100.02,
    99.99, 100.01, 500, 10, 100, true, '160', 1
);

-- case: what stands for a minute is told then, with what was traded of it by then
-- given: features.book_events
select
    *,
    received_at + interval 250 milliseconds as known_at
from (
    values
    (1, 'add', 4, 0, 4, null, timestamptz '2024-08-08 12:00:01Z'),
    (2, 'increase', 6, 4, 2, null, timestamptz '2024-08-08 12:00:02Z'),
    (3, 'decrease', 3, 6, 3, 1.5, timestamptz '2024-08-08 12:01:01Z'),
    (4, 'remove', 0, 3, 3, 3, timestamptz '2024-08-08 12:01:01.000001Z')
) as given (update_id, order_event, size, prev_size, change_size, exec_size, received_at);
-- expect: added_at, ended_at, known_at, size, shown_size, exec_size, exec_frac, life_ms, is_large
values (
    '2024-08-08 12:00:01Z', null, '2024-08-08 12:01:01.25Z', 4, 6, 1.5, 0.25, null, false
);

-- case: an order that goes and comes is two, and so is one at another price
-- given: features.book_events
select
    *,
    received_at + interval 250 milliseconds as known_at
from (
    values
    (1, 'add', 99.95, 2, 0, 2, null, timestamptz '2024-08-08 12:00:01Z'),
    (2, 'remove', 99.95, 0, 2, 2, 0, timestamptz '2024-08-08 12:00:02Z'),
    (2, 'add', 99.96, 3, 0, 3, null, timestamptz '2024-08-08 12:00:02Z'),
    (3, 'remove', 99.96, 0, 3, 3, 3, timestamptz '2024-08-08 12:00:04Z'),
    (3, 'add', 99.95, 4, 0, 4, null, timestamptz '2024-08-08 12:00:04Z'),
    (4, 'remove', 99.95, 0, 4, 4, 1, timestamptz '2024-08-08 12:00:09Z')
) as given (
    update_id, order_event, price, size, prev_size, change_size, exec_size, received_at
);
-- expect: price, size, life_ms, exec_frac
values
(99.95, 2, 1000, 0),
(99.96, 3, 2000, 1),
(99.95, 4, 5000, 0.25);

-- case: what was there before, goes in another epoch or belongs to a level is no order's life
-- given: features.book_events
select
    *,
    received_at + interval 250 milliseconds as known_at
from (
    values
    ('there before', 7, '160', 'remove', 0, 1, 0, timestamptz '2024-08-08 12:00:02Z'),
    ('other epoch', 7, '160', 'add', 1, 0, null, timestamptz '2024-08-08 12:00:01Z'),
    ('other epoch', 7, '161', 'remove', 0, 1, 0, timestamptz '2024-08-08 12:00:02Z'),
    ('level', null, '160', 'add', 1, 0, null, timestamptz '2024-08-08 12:00:01Z'),
    ('level', null, '160', 'remove', 0, 1, 0, timestamptz '2024-08-08 12:00:02Z')
) as given (pair, order_id, epoch, order_event, size, prev_size, exec_size, received_at);
-- expect: pair, ended_at, known_at
values ('other epoch', null, '2024-08-08 12:01:01.25Z');

-- case: large is the 99th percentile and five times the median, of 500 adds in its side and band
-- given: features.book_events
select
    given.pair, given.size, given.book_side, given.band_bps,
    'add' as order_event,
    timestamptz '2024-08-08 12:00:01Z' as received_at,
    timestamptz '2024-08-08 12:00:01.25Z' as known_at
from (
    values
    ('large', 100, 1, 0),
    ('below p99', 99.9, 1, 0),
    ('below five medians', 100, 1, 0),
    ('short history', 100, 1, 0),
    ('other side', 100, -1, 0),
    ('other band', 100, 1, 10),
    ('no band', 100, 1, null)
) as given (pair, size, book_side, band_bps);
-- given: features.book_size_baselines
select
    *,
    timestamptz '2024-08-08 12:00:01Z' as known_at
from (
    values
    ('large', 500, 20),
    ('below p99', 500, 10),
    ('below five medians', 500, 20.1),
    ('short history', 499, 10),
    ('other side', 500, 10),
    ('other band', 500, 10),
    ('no band', 500, 10)
) as given (pair, n_obs, median_size);
-- expect: pair, is_large, n_obs
values
('large', true, 500),
('below p99', false, 500),
('below five medians', false, 500),
('short history', false, 499),
('other side', false, null),
('other band', false, null),
('no band', false, null);

-- case: an ask lies above the best ask as a bid below the best bid, and neither where it is best
-- given: features.book_events
select
    given.pair, given.book_side, given.price,
    'add' as order_event,
    timestamptz '2024-08-08 12:00:01Z' as received_at,
    timestamptz '2024-08-08 12:00:01.25Z' as known_at
from (
    values
    ('ask', -1, 100.06),
    ('best ask', -1, 100.01),
    ('best bid', 1, 99.99)
) as given (pair, book_side, price);
-- expect: pair, touch_bps
values
('ask', 5),
('best ask', 0),
('best bid', 0);

-- case: nothing is told before its minute, or the 250 ms after its end, are over
-- span: 2024-08-08 12:00Z 2024-08-08 12:01:01.25Z
-- given: features.book_events
select
    given.pair, given.update_id, given.order_event,
    given.received_at,
    given.received_at + interval 250 milliseconds as known_at
from (
    values
    ('stands', 1, 'add', timestamptz '2024-08-08 12:00:01Z'),
    ('goes late', 1, 'add', timestamptz '2024-08-08 12:01:00.5Z'),
    ('goes late', 2, 'remove', timestamptz '2024-08-08 12:01:01Z'),
    ('goes', 1, 'add', timestamptz '2024-08-08 12:01:00.5Z'),
    ('goes', 2, 'remove', timestamptz '2024-08-08 12:01:00.9Z')
) as given (pair, update_id, order_event, received_at);
-- expect: pair, known_at
values ('goes', '2024-08-08 12:01:01.15Z');
