-- default: venue = 'bitfinex', pair = 'BTC-USD', epoch = '160', book_side = 1, price = 99.95
-- default: order_id = 7, update_id = 7, size = 500, exec_frac = 0, dist_bps = 5.0, touch_bps = 4
-- default: life_ms = 2_000, is_large = true, added_mid = 100.0, is_aggregate = false
-- default: added_best_bid = 99.99, added_best_ask = 100.01, best_bid = 99.99, best_ask = 100.01
-- default: added_at = '2024-08-08 12:00:01Z', ended_at = '2024-08-08 12:00:03Z'
-- default: exchange_at = null, side = 1, trade_id = 1, traded_at = '2024-08-08 12:00Z'
-- default: n_obs = 500, median_size = 10, p99_size = 100, notional = 49_975

-- case: the rule book's orders a to e: only a is confirmed, by 75 that were bought meanwhile
-- given: features.order_lives
select
    *,
    coalesce(ended_at, timestamptz '2024-08-08 12:01:01Z') + interval 250 milliseconds as known_at
from (
    values
    ('a', 1, 99.95, 2_000, 0, 5.0, timestamptz '2024-08-08 12:00:03Z'),
    ('b', 1, 99.95, null, 0, 5.0, null),
    ('c', 1, 99.95, 2_000, 0.96, 5.0, timestamptz '2024-08-08 12:00:03Z'),
    ('d', 1, 99.00, 2_000, 0, 100.0, timestamptz '2024-08-08 12:00:03Z'),
    ('e', -1, 100.05, 2_000, 0, 5.0, timestamptz '2024-08-08 12:00:03Z')
) as given (pair, book_side, price, life_ms, exec_frac, dist_bps, ended_at);
-- given: curated.book_tops
select
    given.pair,
    8 as update_id,
    timestamptz '2024-08-08 12:00:02Z' as known_at
from (values ('a'), ('b'), ('c'), ('d'), ('e')) as given (pair);
-- given: curated.crypto_trades
select *
from (
    values
    ('a', 1, 1, 40, '2024-08-08 12:00:01.5Z'),
    ('a', 2, 1, 35, '2024-08-08 12:00:02.5Z'),
    ('a', 3, -1, 90, '2024-08-08 12:00:02.5Z'),
    ('b', 1, 1, 75, '2024-08-08 12:00:02Z'),
    ('c', 1, 1, 75, '2024-08-08 12:00:02Z'),
    ('d', 1, 1, 75, '2024-08-08 12:00:02Z'),
    ('e', 1, 1, 75, '2024-08-08 12:00:02Z')
) as given (pair, trade_id, side, size, known_at);
-- expect: pair, known_at, book_side, price, order_id, size, life_ms, is_near, opp_fill_size,
--     has_opp_fill, added_mid, stood_mid, back_mid, moved_bps, has_price_response, n_prices,
--     n_layers, is_layer, is_confirmed, spoof_score
values
(
    'a', '2024-08-08 12:00:13Z', 1, 99.95, 7, 500, 2000, true, 75, true, 100.0, 100.0, null, 0,
    false, 1, 1, false, true, 80
),
(
    'e', '2024-08-08 12:00:13Z', -1, 100.05, 7, 500, 2000, true, 0, false, 100.0, 100.0, null, 0,
    false, 1, 1, false, false, 55
);

-- case: it is large, at most 50 bps away and 5 s old, and at most a twentieth of it was traded
-- given: features.order_lives
select
    *,
    timestamptz '2024-08-08 12:00:03.25Z' as known_at
from (
    values
    ('all at the bounds', true, 50, 5_000, 0.05),
    ('at the mid', true, 0, 5_000, 0.05),
    ('small', false, 50, 5_000, 0.05),
    ('far', true, 50.000001, 5_000, 0.05),
    ('beyond the mid', true, -0.000001, 5_000, 0.05),
    ('old', true, 50, 5_000.001, 0.05),
    ('traded', true, 50, 5_000, 0.050001)
) as given (pair, is_large, dist_bps, life_ms, exec_frac);
-- expect: pair, spoof_score
values
('all at the bounds', 55),
('at the mid', 55);

-- case: the mid goes its way by a tick and comes half of it back within 10 s
-- given: features.order_lives
select
    given.pair, given.book_side,
    timestamptz '2024-08-08 12:00:03.25Z' as known_at
from (
    values
    ('up', 1),
    ('down', -1),
    ('half a tick', 1),
    ('other way', -1),
    ('stays', 1),
    ('back too late', 1),
    ('moves after it', 1),
    ('other epoch', 1),
    ('told anew', 1)
) as given (pair, book_side);
-- given: curated.book_tops
select *
from (
    values
    ('up', 1, '160', 100.00, 100.03, '2024-08-08 12:00:02Z'),
    ('up', 2, '160', 100.01, 100.03, '2024-08-08 12:00:02.999999Z'),
    ('up', 3, '160', 99.99, 100.03, '2024-08-08 12:00:13Z'),
    ('down', 1, '160', 99.97, 99.99, '2024-08-08 12:00:02Z'),
    ('down', 2, '160', 99.98, 100.00, '2024-08-08 12:00:12Z'),
    ('half a tick', 1, '160', 99.99, 100.02, '2024-08-08 12:00:02Z'),
    ('half a tick', 2, '160', 99.99, 100.01, '2024-08-08 12:00:04Z'),
    ('other way', 1, '160', 100.01, 100.03, '2024-08-08 12:00:02Z'),
    ('other way', 2, '160', 99.99, 100.01, '2024-08-08 12:00:04Z'),
    ('stays', 1, '160', 100.03, 100.05, '2024-08-08 12:00:02Z'),
    ('stays', 2, '160', 100.02, 100.04, '2024-08-08 12:00:04Z'),
    ('back too late', 1, '160', 100.01, 100.03, '2024-08-08 12:00:02Z'),
    ('back too late', 2, '160', 99.99, 100.01, '2024-08-08 12:00:13.000001Z'),
    ('moves after it', 1, '160', 100.01, 100.03, '2024-08-08 12:00:03Z'),
    ('moves after it', 2, '160', 99.99, 100.01, '2024-08-08 12:00:04Z'),
    ('other epoch', 1, '161', 100.01, 100.03, '2024-08-08 12:00:02Z'),
    ('other epoch', 2, '161', 99.99, 100.01, '2024-08-08 12:00:04Z'),
    ('told anew', 5, '160', 99.99, 100.01, '2024-08-08 12:00:02Z'),
    ('told anew', 4, '160', 100.01, 100.03, '2024-08-08 12:00:02.5Z'),
    ('told anew', 6, '160', 99.99, 100.01, '2024-08-08 12:00:04Z')
) as given (pair, update_id, epoch, best_bid, best_ask, known_at);
-- expect: pair, stood_mid, back_mid, moved_bps, reverted_bps, has_price_response, spoof_score
values
('up', 100.02, 100.01, 2, 1, true, 75),
('down', 99.98, 99.99, 2, 1, true, 75),
('half a tick', 100.005, 100, 0.5, 0.5, false, 55),
('other way', 100.02, 100, -2, -2, false, 55),
('stays', 100.04, 100.03, 4, 1, false, 55),
('back too late', 100.02, null, 2, null, false, 55),
('moves after it', null, 100, null, null, false, 55),
('other epoch', null, null, null, null, false, 55),
('told anew', 100, 100, 0, 0, false, 55);

-- case: 250 ms before it came and after it went count, aggregates and single trades once
-- given: features.order_lives
select
    given.pair,
    timestamptz '2024-08-08 12:00:03.25Z' as known_at
from (values ('slack'), ('outside'), ('both'), ('below'), ('told again')) as given (pair);
-- given: curated.crypto_trades
select *
from (
    values
    ('slack', 1, false, 2.5, '2024-08-08 12:00:00.75Z'),
    ('slack', 2, false, 2.5, '2024-08-08 12:00:03.25Z'),
    ('outside', 1, false, 9, '2024-08-08 12:00:00.749999Z'),
    ('outside', 2, false, 9, '2024-08-08 12:00:03.250001Z'),
    ('both', 1, false, 3, '2024-08-08 12:00:02Z'),
    ('both', 2, false, 3, '2024-08-08 12:00:02Z'),
    ('both', 1, true, 6, '2024-08-08 12:00:02Z'),
    ('below', 1, false, 4.99, '2024-08-08 12:00:02Z'),
    ('told again', 1, false, 4, '2024-08-08 12:00:02Z'),
    ('told again', 1, false, 5, '2024-08-08 12:00:02.5Z')
) as given (pair, trade_id, is_aggregate, size, known_at);
-- expect: pair, opp_fill_size, has_opp_fill
values
('slack', 5, true),
('outside', 0, false),
('both', 6, true),
('below', 4.99, false),
('told again', 4, false);

-- case: three prices of one side that go within a second are layers, each worth ten
-- given: features.order_lives
select
    given.pair, given.order_id, given.price, given.book_side, given.is_large,
    timestamptz '2024-08-08 12:00:03Z' + given.ended_ms * interval 1 millisecond as ended_at,
    timestamptz '2024-08-08 12:00:03.25Z' + given.ended_ms * interval 1 millisecond as known_at
from (
    values
    ('layers', 1, 99.95, 1, true, 0),
    ('layers', 2, 99.94, 1, true, 700),
    ('layers', 3, 99.93, 1, true, 1_000),
    ('layers', 4, 99.92, 1, true, 1_700),
    ('apart', 1, 99.95, 1, true, 0),
    ('apart', 2, 99.94, 1, true, 700),
    ('apart', 3, 99.93, 1, true, 1_001),
    ('one price', 1, 99.95, 1, true, 0),
    ('one price', 2, 99.95, 1, true, 100),
    ('one price', 3, 99.95, 1, true, 200),
    ('two sides', 1, 99.95, 1, true, 0),
    ('two sides', 2, 99.94, 1, true, 100),
    ('two sides', 3, 100.05, -1, true, 200),
    ('one small', 1, 99.95, 1, true, 0),
    ('one small', 2, 99.94, 1, true, 100),
    ('one small', 3, 99.93, 1, false, 200)
) as given (pair, order_id, price, book_side, is_large, ended_ms);
-- expect: pair, order_id, n_prices, n_layers, is_layer, is_confirmed, spoof_score
values
('layers', 1, 1, 3, true, true, 85),
('layers', 2, 2, 3, true, true, 85),
('layers', 3, 3, 3, true, true, 85),
('layers', 4, 3, 3, true, true, 85),
('apart', 1, 1, 2, false, false, 55),
('apart', 2, 2, 2, false, false, 55),
('apart', 3, 2, 2, false, false, 55),
('one price', 1, 1, 1, false, false, 55),
('one price', 2, 1, 1, false, false, 55),
('one price', 3, 1, 1, false, false, 55),
('two sides', 1, 1, 2, false, false, 55),
('two sides', 2, 2, 2, false, false, 55),
('two sides', 3, 1, 1, false, false, 55),
('one small', 1, 1, 2, false, false, 55),
('one small', 2, 2, 2, false, false, 55);

-- case: behind 5 bps from the best price it scores less, and all at once score 100
-- given: features.order_lives
select
    given.pair, given.touch_bps,
    timestamptz '2024-08-08 12:00:03.25Z' as known_at
from (
    values
    ('near', 5.0),
    ('behind', 5.000001)
) as given (pair, touch_bps);
-- given: curated.book_tops
select *
from (
    values
    ('near', 1, 100.01, 100.03, '2024-08-08 12:00:02Z'),
    ('near', 2, 99.99, 100.01, '2024-08-08 12:00:04Z'),
    ('behind', 1, 100.01, 100.03, '2024-08-08 12:00:02Z'),
    ('behind', 2, 99.99, 100.01, '2024-08-08 12:00:04Z')
) as given (pair, update_id, best_bid, best_ask, known_at);
-- given: curated.crypto_trades
select
    given.pair,
    9 as size,
    timestamptz '2024-08-08 12:00:02Z' as known_at
from (values ('near'), ('behind')) as given (pair);
-- expect: pair, is_near, spoof_score
values
('near', true, 100),
('behind', false, 85);

-- case: it is told once the 10 s behind it are over
-- span: 2024-08-08 12:00Z 2024-08-08 12:00:13Z
-- given: features.order_lives
select
    given.pair, given.ended_at,
    given.ended_at + interval 250 milliseconds as known_at
from (
    values
    ('over', timestamptz '2024-08-08 12:00:02.999999Z'),
    ('not yet', timestamptz '2024-08-08 12:00:03Z')
) as given (pair, ended_at);
-- expect: pair, known_at
values ('over', '2024-08-08 12:00:12.999999Z');
