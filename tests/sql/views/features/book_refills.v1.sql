-- default: venue = 'bitfinex', pair = 'BTC-USD', epoch = '160', book_side = 1, price = 100.0
-- default: order_id = null, sequence = 1

-- case: the rule book's level shows 10, is traded three times, and comes back each time
-- given: features.book_events
select
    given.update_id, given.size, given.prev_size, given.exec_size,
    timestamptz '2024-08-08 12:00Z' + given.at_ms * interval 1 millisecond as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.at_ms * interval 1 millisecond as known_at
from (
    values
    (1, 0, 10, 0, null),
    (2, 1_000, 0, 10, 10),
    (3, 1_300, 10, 0, null),
    (4, 2_000, 2, 10, 8),
    (5, 2_100, 0, 2, 2),
    (6, 2_400, 10, 0, null),
    (7, 3_000, 1, 10, 9),
    (8, 3_100, 10, 1, null)
) as given (update_id, at_ms, size, prev_size, exec_size);
-- expect: update_id, received_at, known_at, book_side, price, order_id, filled_order_id, size,
--     shown_size, delay_ms, exec_size
values
(
    3, '2024-08-08 12:00:01.3Z', '2024-08-08 12:00:01.55Z', 1, 100.0, null, null, 10, 10, 300, 10
),
(
    6, '2024-08-08 12:00:02.4Z', '2024-08-08 12:00:02.65Z', 1, 100.0, null, null, 10, 10, 300, 10
),
(
    8, '2024-08-08 12:00:03.1Z', '2024-08-08 12:00:03.35Z', 1, 100.0, null, null, 10, 10, 100, 9
);

-- case: another order of that size comes, or the same one grows, within 500 ms and 10 %
-- given: features.book_events
select
    given.pair, given.update_id, given.order_id, given.book_side, given.price, given.size,
    given.prev_size, given.exec_size,
    timestamptz '2024-08-08 12:00Z' + given.at_ms * interval 1 millisecond as received_at,
    timestamptz '2024-08-08 12:00:00.25Z' + given.at_ms * interval 1 millisecond as known_at
from (
    values
    ('another', 1, 7, 1, 100, 0, 10, 0, null),
    ('another', 2, 7, 1, 100, 500, 3, 10, 7),
    ('another', 3, 7, 1, 100, 1_000, 0, 3, 3),
    ('another', 4, 8, 1, 100, 1_500, 11, 0, null),
    ('same', 1, 7, 1, 100, 0, 10, 0, null),
    ('same', 2, 7, 1, 100, 1_000, 3, 10, 7),
    ('same', 3, 7, 1, 100, 1_200, 9, 3, null),
    ('a crumb', 1, 7, 1, 100, 0, 10, 0, null),
    ('a crumb', 2, 7, 1, 100, 500, 5.01, 10, 4.99),
    ('a crumb', 3, 7, 1, 100, 600, 10, 5.01, null),
    ('half', 1, 7, 1, 100, 0, 10, 0, null),
    ('half', 2, 7, 1, 100, 500, 5, 10, 5),
    ('half', 3, 7, 1, 100, 600, 10, 5, null),
    ('late', 1, 7, 1, 100, 1_000, 0, 10, 10),
    ('late', 2, 8, 1, 100, 1_500.001, 10, 0, null),
    ('larger', 1, 7, 1, 100, 1_000, 0, 10, 10),
    ('larger', 2, 8, 1, 100, 1_500, 11.01, 0, null),
    ('smaller', 1, 7, 1, 100, 1_000, 0, 10, 10),
    ('smaller', 2, 8, 1, 100, 1_500, 8.99, 0, null),
    ('cancelled', 1, 7, 1, 100, 1_000, 0, 10, 0),
    ('cancelled', 2, 8, 1, 100, 1_500, 10, 0, null),
    ('other side', 1, 7, 1, 100, 1_000, 0, 10, 10),
    ('other side', 2, 8, -1, 100, 1_500, 10, 0, null),
    ('other price', 1, 7, 1, 100, 1_000, 0, 10, 10),
    ('other price', 2, 8, 1, 100.1, 1_500, 10, 0, null)
) as given (pair, update_id, order_id, book_side, price, at_ms, size, prev_size, exec_size);
-- expect: pair, order_id, filled_order_id, size, shown_size, delay_ms, exec_size
values
('another', 8, 7, 11, 10, 500, 10),
('same', 7, 7, 9, 10, 200, 7),
('half', 7, 7, 10, 10, 100, 5);

-- case: what stood more than a minute before the trade is not what was shown
-- given: features.book_events
select
    *,
    received_at + interval 250 milliseconds as known_at
from (
    values
    (1, 7, 20, 0, null, timestamptz '2024-08-08 12:00:00Z'),
    (2, 7, 10, 20, 10, timestamptz '2024-08-08 12:00:01Z'),
    (3, 7, 0, 10, 10, timestamptz '2024-08-08 12:01:01.000001Z'),
    (4, 8, 10, 0, null, timestamptz '2024-08-08 12:01:01.2Z')
) as given (update_id, order_id, size, prev_size, exec_size, received_at);
-- expect: order_id, shown_size, exec_size
values (8, 10, 10);
