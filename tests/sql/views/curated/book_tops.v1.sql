-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 162
-- default: best_bid = 100.0, best_ask = 100.1, bid_size = 30, ask_size = 10, bid_size_5 = 30
-- default: ask_size_5 = 10, bid_size_10bps = 30, ask_size_10bps = 10
-- default: known_at = '2024-08-08 23:54:14.1Z'

-- case: a top is told as it came, and stands
-- given: raw.book_tops
select *
from (
    values
    ('2024-08-08 23:54:15.4Z', 7)
) as given (exchange_at, sequence);
-- expect: venue, pair, known_at, exchange_at, sequence, best_bid, best_ask, bid_size, ask_size,
--     bid_size_5, ask_size_5, bid_size_10bps, ask_size_10bps, epoch, update_id, withdrawn_at
values (
    'binance', 'BTC-USDT', '2024-08-08 23:54:14.1Z', '2024-08-08 23:54:15.4Z', 7, 100.0, 100.1,
    30, 10, 30, 10, 30, 10, '160', 162, null
);

-- case: a corrected capture withdraws what it tells otherwise, and what it no longer tells
-- given: raw.book_tops
select *
from (
    values
    (162, 100.0, '2024-08-08 23:54:14.1Z', false),
    (163, 100.0, '2024-08-08 23:54:14.2Z', false),
    (164, 100.0, '2024-08-08 23:54:14.3Z', false),
    (162, 100.05, '2024-08-10 12:00Z', false),
    (163, 100.0, '2024-08-10 12:00Z', true)
) as given (update_id, best_bid, known_at, is_gone);
-- expect: update_id, best_bid, withdrawn_at
values
(162, 100.0, '2024-08-10 12:00Z'),
(163, 100.0, '2024-08-10 12:00Z'),
(164, 100.0, null),
(162, 100.05, null);
