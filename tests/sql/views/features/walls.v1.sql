-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', book_side = 1, price = 20_000.0
-- default: order_event = 'add', size = 25, prev_size = 0, change_size = 25, exec_size = null
-- default: cancel_size = null, mid = 20_010.0, dist_bps = 4.997501, band_bps = 0
-- default: notional_usd = 500_000, side_depth = 60, depth_frac = 0.416666667, median_size = 2
-- default: n_obs = 100, is_wide = true, is_large = true, is_standing = true, was_standing = false
-- default: update_id = 1, sequence = 1, best_bid = 20_009.0, best_ask = 20_011.0

-- case: the rule book's wall stands after 10 s; gone with 5 traded it is 0.2 eaten and 0.8 pulled
-- given: features.book_bars
select
    bar_at,
    bar_at + interval 900 milliseconds as known_at
from range(
    timestamptz '2024-08-08 12:00Z', timestamptz '2024-08-08 12:01Z', interval 1 second
) as given (bar_at);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at,
    is_wide as is_large,
    is_wide as is_standing,
    not is_wide as was_standing
from (
    values
    (1, 'add', 25, 25, null, null, true, timestamptz '2024-08-08 12:00:10Z', 4.997501),
    (2, 'remove', 0, 25, 5, 20, false, timestamptz '2024-08-08 12:00:30Z', 3.0)
) as given (
    update_id, order_event, size, change_size, exec_size, cancel_size, is_wide, received_at,
    dist_bps
);
-- expect: venue, pair, book_side, price, order_id, wall_state, began_at, happened_at, known_at,
--     size, notional_usd, side_depth, depth_frac, median_size, median_ratio, n_obs, mid, dist_bps,
--     end_dist_bps, nearest_bps, is_reached, exec_size, cancel_size, eaten_frac, pulled_frac,
--     moved_price, epoch, update_id
values
(
    'binance', 'BTC-USDT', 1, 20_000.0, null, 'appeared', '2024-08-08 12:00:10Z',
    '2024-08-08 12:00:20Z', '2024-08-08 12:00:20.25Z', 25, 500_000, 60, 0.416666667, 2, 12.5, 100,
    20_010.0, 4.997501, null, null, null, null, null, null, null, null, '160', 1
),
(
    'binance', 'BTC-USDT', 1, 20_000.0, null, 'pulled', '2024-08-08 12:00:10Z',
    '2024-08-08 12:00:30Z', '2024-08-08 12:00:31.25Z', 25, 500_000, 60, 0.416666667, 2, 12.5, 100,
    20_010.0, 4.997501, 3.0, 3.0, true, 5, 20, 0.2, 0.8, null, '160', 1
);

-- case: what left in steps is added up, and traded most of all it is eaten
-- given: features.book_bars
select
    bar_at,
    bar_at + interval 900 milliseconds as known_at
from range(
    timestamptz '2024-08-08 12:00Z', timestamptz '2024-08-08 12:01Z', interval 1 second
) as given (bar_at);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at,
    order_event = 'add' as is_large
from (
    values
    (1, 'add', null, null, true, true, false, timestamptz '2024-08-08 12:00:10Z'),
    (2, 'decrease', 6, 1, true, true, true, timestamptz '2024-08-08 12:00:25Z'),
    (3, 'increase', null, null, true, true, true, timestamptz '2024-08-08 12:00:26Z'),
    (4, 'decrease', 0, 7, false, true, true, timestamptz '2024-08-08 12:00:27Z'),
    (5, 'remove', 4, 2, false, false, true, timestamptz '2024-08-08 12:00:28Z')
) as given (
    update_id, order_event, exec_size, cancel_size, is_wide, is_standing, was_standing,
    received_at
);
-- expect: wall_state, exec_size, cancel_size, eaten_frac, is_reached
values
('appeared', null, null, null, null),
('eaten', 10, 10, 0.5, true);

-- case: the same size at another price of the side within a second has moved
-- given: features.book_bars
select
    *,
    bar_at + interval 900 milliseconds as known_at
from (
    values
    ('moved', timestamptz '2024-08-08 12:00:19Z'),
    ('other size', timestamptz '2024-08-08 12:00:19Z'),
    ('other side', timestamptz '2024-08-08 12:00:19Z'),
    ('too late', timestamptz '2024-08-08 12:00:19Z'),
    ('same price', timestamptz '2024-08-08 12:00:19Z')
) as given (pair, bar_at);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at,
    case when size = 0 then 25 end as cancel_size,
    case when size = 0 then 0 end as exec_size,
    case when size = 0 then 'remove' else 'add' end as order_event,
    size > 0 as is_wide,
    size > 0 as is_standing,
    size = 0 as was_standing
from (
    values
    ('moved', 1, 1, 20_000, 25, 25, timestamptz '2024-08-08 12:00:10Z'),
    ('moved', 2, 1, 20_000, 0, 25, timestamptz '2024-08-08 12:00:30Z'),
    ('moved', 3, 1, 19_900, 30, 24.75, timestamptz '2024-08-08 12:00:31Z'),
    ('other size', 1, 1, 20_000, 25, 25, timestamptz '2024-08-08 12:00:10Z'),
    ('other size', 2, 1, 20_000, 0, 25, timestamptz '2024-08-08 12:00:30Z'),
    ('other size', 3, 1, 19_900, 24, 24.74, timestamptz '2024-08-08 12:00:30Z'),
    ('other side', 1, 1, 20_000, 25, 25, timestamptz '2024-08-08 12:00:10Z'),
    ('other side', 2, 1, 20_000, 0, 25, timestamptz '2024-08-08 12:00:30Z'),
    ('other side', 3, -1, 20_900, 25, 25, timestamptz '2024-08-08 12:00:30Z'),
    ('too late', 1, 1, 20_000, 25, 25, timestamptz '2024-08-08 12:00:10Z'),
    ('too late', 2, 1, 20_000, 0, 25, timestamptz '2024-08-08 12:00:30Z'),
    ('too late', 3, 1, 19_900, 25, 25, timestamptz '2024-08-08 12:00:31.000001Z'),
    ('same price', 1, 1, 20_000, 25, 25, timestamptz '2024-08-08 12:00:10Z'),
    ('same price', 2, 1, 20_000, 0, 25, timestamptz '2024-08-08 12:00:30Z'),
    ('same price', 3, 1, 20_000, 25, 25, timestamptz '2024-08-08 12:00:30.5Z')
) as given (pair, update_id, book_side, price, size, change_size, received_at);
-- expect: pair, wall_state, moved_price
values
('moved', 'appeared', null),
('moved', 'moved', 19_900),
('other side', 'appeared', null),
('other side', 'pulled', null),
('other size', 'appeared', null),
('other size', 'pulled', null),
('same price', 'appeared', null),
('same price', 'pulled', null),
('too late', 'appeared', null),
('too late', 'pulled', null);

-- case: under 10 s, narrower meanwhile, silent or in another book it is none
-- given: features.book_bars
select
    *,
    bar_at + interval 900 milliseconds as known_at
from (
    values
    ('short', 'short', timestamptz '2024-08-08 12:00:19Z'),
    ('narrow', 'narrow', timestamptz '2024-08-08 12:00:19Z'),
    ('silent', 'silent', timestamptz '2024-08-08 12:00:13Z'),
    ('not large', 'not large', timestamptz '2024-08-08 12:00:19Z'),
    ('a decrease', 'a decrease', timestamptz '2024-08-08 12:00:19Z'),
    ('other epoch', 'other epoch', timestamptz '2024-08-08 12:00:14Z'),
    ('other epoch', '170', timestamptz '2024-08-08 12:00:15Z'),
    ('whole', 'whole', timestamptz '2024-08-08 12:00:14Z')
) as given (pair, epoch, bar_at);
-- given: features.wall_changes
select
    *,
    pair as epoch,
    received_at + interval 250 milliseconds as known_at
from (
    values
    ('short', 1, 'add', true, true, true, false, timestamptz '2024-08-08 12:00:10Z'),
    ('short', 2, 'remove', false, false, false, true, timestamptz '2024-08-08 12:00:20Z'),
    ('narrow', 1, 'add', true, true, true, false, timestamptz '2024-08-08 12:00:10Z'),
    ('narrow', 2, 'decrease', false, false, true, true, timestamptz '2024-08-08 12:00:15Z'),
    ('narrow', 3, 'increase', true, false, true, true, timestamptz '2024-08-08 12:00:16Z'),
    ('silent', 1, 'add', true, true, true, false, timestamptz '2024-08-08 12:00:10Z'),
    ('not large', 1, 'add', true, false, true, false, timestamptz '2024-08-08 12:00:10Z'),
    ('a decrease', 1, 'decrease', true, true, true, false, timestamptz '2024-08-08 12:00:10Z'),
    ('other epoch', 1, 'add', true, true, true, false, timestamptz '2024-08-08 12:00:10Z'),
    ('whole', 1, 'add', true, true, true, false, timestamptz '2024-08-08 12:00:10Z'),
    ('whole', 2, 'remove', false, false, false, true, timestamptz '2024-08-08 12:00:20.000001Z')
) as given (
    pair, update_id, order_event, is_wide, is_large, is_standing, was_standing, received_at
);
-- expect: pair, wall_state
values
('whole', 'appeared'),
('whole', 'faded');

-- case: a level that becomes a wall in steps is one from the step on that made it one, and once
-- given: features.book_bars
select
    bar_at,
    bar_at + interval 900 milliseconds as known_at
from range(
    timestamptz '2024-08-08 12:00Z', timestamptz '2024-08-08 12:02Z', interval 1 second
) as given (bar_at);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at
from (
    values
    (1, 'add', false, false, true, false, timestamptz '2024-08-08 12:00:01Z'),
    (2, 'increase', true, true, true, true, timestamptz '2024-08-08 12:00:10Z'),
    (3, 'decrease', false, false, true, true, timestamptz '2024-08-08 12:00:15Z'),
    (4, 'increase', true, true, true, true, timestamptz '2024-08-08 12:00:30Z'),
    (5, 'increase', true, true, true, true, timestamptz '2024-08-08 12:00:50Z')
) as given (
    update_id, order_event, is_wide, is_large, is_standing, was_standing, received_at
);
-- expect: wall_state, began_at, known_at
values ('appeared', '2024-08-08 12:00:30Z', '2024-08-08 12:00:40.25Z');

-- case: one that comes again at its price is another wall, and orders are each for themselves
-- given: features.book_bars
select
    bar_at,
    bar_at + interval 900 milliseconds as known_at
from range(
    timestamptz '2024-08-08 12:00Z', timestamptz '2024-08-08 12:02Z', interval 1 second
) as given (bar_at);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at,
    case when order_event = 'remove' then 25 end as cancel_size,
    is_standing as is_wide,
    is_standing as is_large,
    not is_standing as was_standing
from (
    values
    (1, 7, 'add', true, timestamptz '2024-08-08 12:00:10Z'),
    (2, 8, 'add', true, timestamptz '2024-08-08 12:00:11Z'),
    (3, 7, 'remove', false, timestamptz '2024-08-08 12:00:22Z'),
    (4, 7, 'add', true, timestamptz '2024-08-08 12:00:40Z'),
    (5, 8, 'remove', false, timestamptz '2024-08-08 12:00:45Z')
) as given (update_id, order_id, order_event, is_standing, received_at);
-- expect: order_id, wall_state, known_at
values
(7, 'appeared', '2024-08-08 12:00:20.25Z'),
(7, 'pulled', '2024-08-08 12:00:23.25Z'),
(7, 'appeared', '2024-08-08 12:00:50.25Z'),
(8, 'appeared', '2024-08-08 12:00:21.25Z'),
(8, 'pulled', '2024-08-08 12:00:46.25Z');

-- case: one that the book has outgrown is gone when it changes next, and stands there once more
-- given: features.book_bars
select
    *,
    bar_at + interval 900 milliseconds as known_at
from (
    values
    (timestamptz '2024-08-08 12:00:19Z'),
    (timestamptz '2024-08-08 12:00:59Z')
) as given (bar_at);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at,
    is_standing as is_wide,
    is_standing as is_large
from (
    values
    (1, 'add', true, false, timestamptz '2024-08-08 12:00:10Z', null, null),
    (2, 'remove', false, false, timestamptz '2024-08-08 12:00:40Z', 0, 25),
    (3, 'add', true, false, timestamptz '2024-08-08 12:00:50Z', null, null)
) as given (
    update_id, order_event, is_standing, was_standing, received_at, exec_size, cancel_size
);
-- expect: wall_state, began_at, known_at
values
('appeared', '2024-08-08 12:00:10Z', '2024-08-08 12:00:20.25Z'),
('pulled', '2024-08-08 12:00:10Z', '2024-08-08 12:00:41.25Z'),
('appeared', '2024-08-08 12:00:50Z', '2024-08-08 12:01:00.25Z');

-- case: a price that came near and touched it, by whole seconds, on either side
-- given: features.book_bars
select
    given.pair, given.bar_at, given.mid, given.best_bid, given.best_ask,
    given.bar_at + interval 900 milliseconds as known_at
from (
    values
    ('touched', timestamptz '2024-08-08 12:00:19Z', 20_010.0, 20_009.0, 20_011.0),
    ('touched', timestamptz '2024-08-08 12:00:21Z', 20_001.0, 20_000.0, 20_002.0),
    ('touched', timestamptz '2024-08-08 12:00:24Z', 20_010.0, 20_009.0, 20_011.0),
    ('near', timestamptz '2024-08-08 12:00:19Z', 20_010.0, 20_009.0, 20_011.0),
    ('near', timestamptz '2024-08-08 12:00:21Z', 20_005.0, 20_004.0, 20_006.0),
    ('near', timestamptz '2024-08-08 12:00:25Z', 20_001.0, 20_000.0, 20_002.0)
) as given (pair, bar_at, mid, best_bid, best_ask);
-- given: features.wall_changes
select
    given.pair, given.received_at, given.order_event, given.is_wide,
    given.received_at + interval 250 milliseconds as known_at,
    case when given.order_event = 'remove' then 25 end as cancel_size,
    given.is_wide as is_large,
    given.is_wide as is_standing,
    not given.is_wide as was_standing
from (
    values
    ('touched', 'add', true, timestamptz '2024-08-08 12:00:10Z'),
    ('touched', 'remove', false, timestamptz '2024-08-08 12:00:25.5Z'),
    ('near', 'add', true, timestamptz '2024-08-08 12:00:10Z'),
    ('near', 'remove', false, timestamptz '2024-08-08 12:00:25.5Z')
) as given (pair, order_event, is_wide, received_at);
-- expect: pair, wall_state, is_reached, nearest_bps
values
('near', 'appeared', null, null),
('near', 'pulled', false, 2.499375),
('touched', 'appeared', null, null),
('touched', 'pulled', true, 0.499975);

-- case: one that took over an hour is not told when it goes
-- given: features.book_bars
select
    *,
    timestamptz '2024-08-08 12:00:19Z' as bar_at,
    timestamptz '2024-08-08 12:00:19.9Z' as known_at
from (
    values ('an hour'), ('more')
) as given (pair);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at,
    is_standing as is_wide,
    is_standing as is_large,
    not is_standing as was_standing
from (
    values
    (1, 'an hour', 'add', true, timestamptz '2024-08-08 12:00:10Z'),
    (2, 'an hour', 'remove', false, timestamptz '2024-08-08 13:00:10Z'),
    (1, 'more', 'add', true, timestamptz '2024-08-08 12:00:10Z'),
    (2, 'more', 'remove', false, timestamptz '2024-08-08 13:00:10.000001Z')
) as given (update_id, pair, order_event, is_standing, received_at);
-- expect: pair, wall_state
values
('an hour', 'appeared'),
('an hour', 'faded'),
('more', 'appeared');

-- case: a span sees the wall that ends in it from its begin on, and none that it saw half of
-- span: 2024-08-08T13:00:00Z 2024-08-08T13:01:00Z
-- given: features.book_bars
select
    *,
    bar_at + interval 900 milliseconds as known_at
from (
    values
    ('seen', timestamptz '2024-08-08 12:10:19Z'),
    ('begun before', timestamptz '2024-08-08 11:50:19Z')
) as given (pair, bar_at);
-- given: features.wall_changes
select
    *,
    received_at + interval 250 milliseconds as known_at,
    is_standing as is_wide,
    is_standing as is_large,
    not is_standing as was_standing
from (
    values
    (1, 'seen', 'add', true, timestamptz '2024-08-08 12:10:10Z'),
    (2, 'seen', 'remove', false, timestamptz '2024-08-08 13:00:10Z'),
    (1, 'begun before', 'add', true, timestamptz '2024-08-08 11:50:10Z'),
    (2, 'begun before', 'remove', false, timestamptz '2024-08-08 13:00:10Z')
) as given (update_id, pair, order_event, is_standing, received_at);
-- expect: pair, wall_state, began_at
values ('seen', 'faded', '2024-08-08 12:10:10Z');
