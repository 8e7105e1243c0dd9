-- default: venue = 'binance', pair = 'BTC-USDT', channel = 'book', reason = 'gap'
-- default: began_at = '2024-08-08 23:54:14Z', n_dropped = 3

-- case: a gap that a later file closes is one gap, as it was last told
-- given: raw.feed_gaps
select *
from (
    values
    (null, 161, 163, 3, '2024-08-08 23:54:15Z'),
    ('2024-08-09 00:00:01Z', 161, 163, 9, '2024-08-09 00:00:01Z')
) as given (ended_at, expected_id, found_id, n_dropped, known_at);
-- expect: venue, pair, channel, began_at, ended_at, reason, expected_id, found_id, n_dropped,
--     known_at
values (
    'binance', 'BTC-USDT', 'book', '2024-08-08 23:54:14Z', '2024-08-09 00:00:01Z', 'gap', 161, 163,
    9, '2024-08-09 00:00:01Z'
);

-- case: other begins, pairs and channels are other gaps, and one that is taken back is none
-- given: raw.feed_gaps
select *
from (
    values
    ('2024-08-08 23:54:14Z', 'BTC-USDT', 'book', false),
    ('2024-08-08 23:55:14Z', 'BTC-USDT', 'book', false),
    ('2024-08-08 23:54:14Z', 'ETH-USDT', 'book', false),
    ('2024-08-08 23:54:14Z', 'BTC-USDT', 'trades', true)
) as given (began_at, pair, channel, is_gone);
-- expect: began_at, pair, channel
values
('2024-08-08 23:54:14Z', 'BTC-USDT', 'book'),
('2024-08-08 23:55:14Z', 'BTC-USDT', 'book'),
('2024-08-08 23:54:14Z', 'ETH-USDT', 'book');
