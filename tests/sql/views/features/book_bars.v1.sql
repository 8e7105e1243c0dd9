-- default: venue = 'binance', pair = 'BTC-USDT', epoch = '160', update_id = 162, sequence = 1
-- default: best_bid = 100.0, best_ask = 100.1, bid_size = 30, ask_size = 10, bid_size_5 = 30
-- default: ask_size_5 = 10, bid_size_10bps = 30, ask_size_10bps = 10
-- default: exchange_at = '2024-08-08 23:54:15Z'

-- case: 30 bid at 100.0 and 10 asked at 100.1 lean by a half, and the microprice is 100.075
-- given: curated.book_tops
select '2024-08-08 23:54:14.1Z' as known_at;
-- expect: venue, pair, bar_at, known_date, known_at, best_bid, best_ask, mid, spread_bps,
--     microprice, obi, obi_10bps, n_updates, epoch
values (
    'binance', 'BTC-USDT', '2024-08-08 23:54:14Z', '2024-08-08', '2024-08-08 23:54:14.1Z',
    100.0, 100.1, 100.05, 9.995002499, 100.075, 0.5, 0.5, 1, '160'
);

-- case: a bar is the second's last state by time, then by the capture's order
-- given: curated.book_tops
select *
from (
    values
    (7, 163, 100.02, '2024-08-08 23:54:14.2Z'),
    (8, 164, 100.03, '2024-08-08 23:54:14.2Z'),
    (9, 162, 100.01, '2024-08-08 23:54:14.1Z'),
    (1, 165, 100.04, '2024-08-08 23:54:15.0Z')
) as given (sequence, update_id, best_bid, known_at);
-- expect: bar_at, known_at, best_bid, n_updates
values
('2024-08-08 23:54:14Z', '2024-08-08 23:54:14.2Z', 100.03, 3),
('2024-08-08 23:54:15Z', '2024-08-08 23:54:15Z', 100.04, 1);

-- case: no bar spans midnight, and pairs and venues have bars of their own
-- given: curated.book_tops
select
    *,
    '2024-08-09 00:00Z' as exchange_at
from (
    values
    ('binance', 'BTC-USDT', '2024-08-08 23:59:59.999999Z'),
    ('binance', 'BTC-USDT', '2024-08-09 00:00Z'),
    ('binance', 'ETH-USDT', '2024-08-09 00:00Z'),
    ('binance_usdm', 'BTC-USDT', '2024-08-09 00:00Z')
) as given (venue, pair, known_at);
-- expect: venue, pair, bar_at, known_date
values
('binance', 'BTC-USDT', '2024-08-08 23:59:59Z', '2024-08-08'),
('binance', 'BTC-USDT', '2024-08-09 00:00Z', '2024-08-09'),
('binance', 'ETH-USDT', '2024-08-09 00:00Z', '2024-08-09'),
('binance_usdm', 'BTC-USDT', '2024-08-09 00:00Z', '2024-08-09');

-- case: beyond the snapshot's reach there is no 10 bps imbalance, and a snapshot has no event time
-- given: curated.book_tops
select *
from (
    values
    ('2024-08-08 23:54:14Z', null, null)
) as given (known_at, exchange_at, bid_size_10bps);
-- expect: obi, obi_10bps
values (0.5, null);

-- case: what a corrected capture tells two days later is no bar
-- given: curated.book_tops
select *
from (
    values
    ('2024-08-10 23:54:14Z', '2024-08-08 23:54:15Z')
) as given (known_at, exchange_at);
-- expect: nothing
