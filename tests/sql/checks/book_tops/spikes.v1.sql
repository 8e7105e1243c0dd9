-- default: venue = 'binance', pair = 'BTC-USDT', epoch = 'e', source = 'binance_book'

-- case: a top of another world and a spread of half are told, a jump that stays is not
-- given: raw.book_tops
select *
from (
    values
    (1, 100, 100.1, '2024-02-13 15:00:01Z'), (2, 10, 10.1, '2024-02-13 15:00:02Z'),
    (3, 100, 100.1, '2024-02-13 15:00:03Z'), (4, 98, 150, '2024-02-13 15:00:04Z'),
    (5, 120, 120.1, '2024-02-13 15:00:05Z'), (6, 121, 121.1, '2024-02-13 15:00:06Z')
) as given (update_id, best_bid, best_ask, known_at);
-- expect: known_at, reason
values
('2024-02-13 15:00:03Z', 'a mid of 10.05 between 100.05 and 100.05'),
('2024-02-13 15:00:05Z', 'a spread from 98.0 to 150.0');
