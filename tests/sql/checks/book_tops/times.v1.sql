-- default: venue = 'binance', pair = 'BTC-USDT', epoch = 'e', source = 'binance_book'

-- case: numbers and moments that run back are told, another epoch begins anew
-- given: raw.book_tops
select *
from (
    values
    ('e', 1, '2024-02-13 15:00:00Z', '2024-02-13 15:00:00.1Z'),
    ('e', 3, '2024-02-13 15:00:01Z', '2024-02-13 15:00:01.1Z'),
    ('e', 2, '2024-02-13 15:00:02Z', '2024-02-13 15:00:02.1Z'),
    ('e', 5, '2024-02-13 14:59:00Z', '2024-02-13 15:00:03.1Z'),
    ('e', 6, '2024-02-13 15:09:00Z', '2024-02-13 15:00:04.1Z'),
    ('f', 1, '2024-02-13 15:00:00Z', '2024-02-13 15:00:05.1Z')
) as given (epoch, update_id, exchange_at, known_at);
-- expect: reason, evidence ->> 'update_id'
values
('its update_id runs back', '2'),
('its exchange_at runs back', '5'),
('it was sent after it was received', '6');
