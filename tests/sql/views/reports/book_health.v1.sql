-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 1, sequence = 1
-- default: best_bid = 100.0, best_ask = 100.1, bid_size = 10, ask_size = 10, channel = 'book'
-- default: reason = 'gap', n_dropped = 0, exchange_at = null

-- case: a gap of ten seconds in a hundred leaves nine tenths in sync
-- given: curated.book_tops
select *
from (
    values
    ('2024-08-08 12:00:00Z', null),
    ('2024-08-08 12:00:30Z', '2024-08-08 12:00:29.99Z'),
    ('2024-08-08 12:00:40Z', '2024-08-08 12:00:40.02Z'),
    ('2024-08-08 12:01:40Z', '2024-08-08 12:01:39.97Z')
) as given (known_at, exchange_at);
-- given: ops.feed_gaps
select
    '2024-08-08 12:00:30Z' as began_at,
    '2024-08-08 12:00:40Z' as ended_at,
    '2024-08-08 12:00:40Z' as known_at,
    'disconnect' as reason,
    7 as n_dropped;
-- expect: venue, pair, first_message_at, last_message_at, span_s, in_sync_frac, is_in_sync,
--     n_gaps, longest_gap_s, reasons, n_dropped, n_messages, messages_per_s, lag_p50_ms,
--     lag_p95_ms, n_crossed, n_late
values (
    'binance', 'BTC-USDT', '2024-08-08 12:00:00Z', '2024-08-08 12:01:40Z', 100, 0.9, true,
    1, 10, ['disconnect 1'], 7, 4, 0.044444, 10, 30, 0, 0
);

-- case: gaps that overlap are missed once, and one of the stream is one of each pair
-- given: curated.book_tops
select *
from (
    values
    ('BTC-USDT', '2024-08-08 12:00:00Z'),
    ('BTC-USDT', '2024-08-08 12:01:40Z'),
    ('ETH-USDT', '2024-08-08 12:00:00Z'),
    ('ETH-USDT', '2024-08-08 12:01:40Z')
) as given (pair, known_at);
-- given: ops.feed_gaps
select
    *,
    ended_at as known_at
from (
    values
    ('binance', 'BTC-USDT', 'book', '2024-08-08 12:00:10Z', '2024-08-08 12:00:30Z', 'gap'),
    ('binance', 'BTC-USDT', 'book', '2024-08-08 12:00:40Z', '2024-08-08 12:00:41Z', 'gap'),
    ('binance', 'all', 'book', '2024-08-08 12:00:20Z', '2024-08-08 12:00:40Z', 'silence'),
    ('binance', 'BTC-USDT', 'trades', '2024-08-08 12:00:50Z', '2024-08-08 12:00:59Z', 'gap'),
    ('kraken', 'all', 'book', '2024-08-08 12:00:50Z', '2024-08-08 12:00:59Z', 'gap')
) as given (venue, pair, channel, began_at, ended_at, reason);
-- expect: pair, in_sync_frac, n_gaps, longest_gap_s, reasons
values
('BTC-USDT', 0.69, 3, 20, ['gap 2', 'silence 1']),
('ETH-USDT', 0.8, 1, 20, ['silence 1']);

-- case: a gap that lasts counts to the last that is known, and the book is not in sync
-- given: curated.book_tops
select *
from (
    values
    ('2024-08-08 12:00:00Z'),
    ('2024-08-08 12:00:30Z')
) as given (known_at);
-- given: ops.feed_gaps
select
    '2024-08-08 12:00:30Z' as began_at,
    '2024-08-08 12:00:40Z' as known_at;
-- expect: span_s, in_sync_frac, is_in_sync, longest_gap_s, last_message_at
values (40, 0.75, false, 10, '2024-08-08 12:00:30Z');

-- case: a span sees its own messages, and the part of a gap that lies in it
-- span: 2024-08-08T12:00:00Z 2024-08-08T12:10:00Z
-- given: curated.book_tops
select *
from (
    values
    ('2024-08-08 11:59:59Z'),
    ('2024-08-08 12:00:20Z'),
    ('2024-08-08 12:01:40Z'),
    ('2024-08-08 12:10:00Z')
) as given (known_at);
-- given: ops.feed_gaps
select *
from (
    values
    ('2024-08-08 11:00:00Z', '2024-08-08 11:30:00Z', '2024-08-08 11:30:00Z'),
    ('2024-08-08 11:59:59Z', '2024-08-08 12:00:20Z', '2024-08-08 12:00:20Z')
) as given (began_at, ended_at, known_at);
-- expect: n_messages, n_gaps, span_s, in_sync_frac, longest_gap_s
values (2, 1, 100, 0.8, 20);

-- case: what a corrected capture tells days later is counted, and nothing else
-- given: curated.book_tops
select *
from (
    values
    ('2024-08-08 12:00:00.01Z', '2024-08-08 12:00:00Z'),
    ('2024-08-10 12:00:00Z', '2024-08-08 12:00:00Z')
) as given (known_at, exchange_at);
-- expect: n_messages, n_late, last_message_at, lag_p95_ms, in_sync_frac, messages_per_s
values (1, 1, '2024-08-08 12:00:00.01Z', 10, null, null);

-- case: a top without one of its sides is counted, and a pair without messages has its gap
-- given: curated.book_tops
select
    '2024-08-08 12:00:00Z' as known_at,
    0 as ask_size;
-- given: ops.feed_gaps
select
    'ETH-USDT' as pair,
    '2024-08-08 12:00:30Z' as began_at,
    '2024-08-08 12:00:40Z' as ended_at,
    '2024-08-08 12:00:40Z' as known_at;
-- expect: pair, n_messages, n_crossed, in_sync_frac, last_message_at
values
('BTC-USDT', 1, 1, null, '2024-08-08 12:00:00Z'),
('ETH-USDT', 0, 0, 0, null);

-- case: a gap that was left open is over when messages follow it
-- given: curated.book_tops
select *
from (
    values
    ('2024-08-08 12:00:00Z'),
    ('2024-08-08 12:00:30Z'),
    ('2024-08-08 12:01:40Z')
) as given (known_at);
-- given: ops.feed_gaps
select
    '2024-08-08 12:00:00Z' as began_at,
    '2024-08-08 12:00:10Z' as known_at;
-- expect: span_s, in_sync_frac, is_in_sync, n_gaps, longest_gap_s
values (100, 0.7, true, 1, 30);

-- case: messages that came before they were sent show a clock that is behind
-- given: curated.book_tops
select
    pair,
    timestamptz '2024-08-08 12:00:00Z' as known_at,
    timestamptz '2024-08-08 12:00:00Z' + interval (ahead_ms) milliseconds as exchange_at
from (
    values
    ('BEHIND', 1_272),
    ('BEHIND', 1_270),
    ('BEHIND', 1_274),
    ('ON TIME', -30),
    ('UNTOLD', null)
) as given (pair, ahead_ms);
-- expect: pair, lag_p50_ms, lag_p95_ms, clock_behind_ms
values ('BEHIND', -1_272, -1_270, 1_272), ('ON TIME', 30, 30, null), ('UNTOLD', null, null, null);
