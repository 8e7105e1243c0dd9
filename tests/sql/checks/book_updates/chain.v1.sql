-- default: venue = 'binance', pair = 'BTC-USDT', epoch = 'e', source = 'binance_book'
-- default: book_side = 1, price = 100, order_id = 0

-- case: a change that does not begin where the level stood is told, on the other side it is new
-- given: raw.book_updates
select *
from (
    values
    (1, 1, 0, 5, '2024-02-13 15:00:01Z'), (2, 1, 5, 3, '2024-02-13 15:00:02Z'),
    (3, 1, 4, 6, '2024-02-13 15:00:03Z'), (4, -1, 0, 9, '2024-02-13 15:00:04Z')
) as given (update_id, book_side, prev_size, size, known_at);
-- expect: known_at, reason
values ('2024-02-13 15:00:03Z', 'a bid of 100.0 was 3.0 and is said to have been 4.0');
