-- default: venue = 'binance', pair = 'BTC-USDT', is_in_sync = true, in_sync_frac = 1, n_gaps = 0
-- default: first_message_at = '2024-08-08 10:00:00Z', last_message_at = '2024-08-08 11:59:59Z'

-- case: each book says in words how far it can be trusted, those in sync first
-- span: 2024-08-08T10:00:00Z 2024-08-08T12:00:00Z
-- given: reports.book_health
select *
from (
    values
    ('A-USDT', false, '2024-08-08 10:00:00Z', '2024-08-08 11:59:59Z'),
    ('B-USDT', true, '2024-08-08 10:00:00Z', '2024-08-08 11:59:18Z'),
    ('C-USDT', true, '2024-08-08 11:55:59Z', '2024-08-08 11:59:59Z'),
    ('D-USDT', true, '2024-08-08 10:00:00Z', '2024-08-08 11:59:59.5Z'),
    ('E-USDT', false, null, null),
    ('F-USDT', true, '2024-08-08 10:00:00Z', '2024-08-08 11:50:00Z')
) as given (pair, is_in_sync, first_message_at, last_message_at);
-- expect: place, pair, book_state, book_words, silent_s
values
(
    1, 'C-USDT', 'warming up',
    'warming up: heard for 4 min; what is large is known after an hour', 1
),
(2, 'D-USDT', 'in sync', 'in sync', 0.5),
(
    3, 'A-USDT', 'out of sync', 'out of sync: a gap lasts; wait for the next snapshot', 1
),
(4, 'B-USDT', 'stale', 'stale: nothing has come for 42 s; prices are of then', 42),
(5, 'E-USDT', 'unheard', 'unheard: a gap, and no message since', null),
(6, 'F-USDT', 'stale', 'stale: nothing has come for 10 min; prices are of then', 600);

-- case: a span of less than an hour does not say who has just begun
-- span: 2024-08-08T11:50:00Z 2024-08-08T12:00:00Z
-- given: reports.book_health
select '2024-08-08 11:55:00Z' as first_message_at;
-- expect: book_state
values ('in sync');

-- case: the last second in sync says where it stands, the first how far it has come
-- span: 2024-08-08T10:00:00Z 2024-08-08T12:00:00Z
-- given: reports.book_health
select 1 as n_messages;
-- given: features.book_bars
select *
from (
    values
    ('2024-08-08 10:00:00Z', 60_000, 0.1, 1.5),
    ('2024-08-08 11:59:58Z', 60_300, -0.4, 0.5)
) as given (bar_at, mid, obi, spread_bps);
-- expect: entity, mid, move_bps, imbalance, spread_bps
values ('binance:BTC-USDT', 60_300, 50, -0.4, 0.5);
