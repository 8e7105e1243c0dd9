-- default: venue = 'binance', pair = 'BTC-USDT', known_date = '2024-08-08'

-- case: seconds are counted by hour and by how many messages, and trades, they had
-- given: features.book_messages
select
    *,
    bar_at as known_at
from (
    values
    ('2024-08-08 12:00:00Z', 20, 0),
    ('2024-08-08 12:59:59Z', 20, 3),
    ('2024-08-08 12:30:00Z', 21, 0),
    ('2024-08-08 13:00:00Z', 20, 0)
) as given (bar_at, n_messages, n_trades);
-- expect: pair, known_date, hour_at, measure, n, n_bars, known_at
values
('BTC-USDT', '2024-08-08', '2024-08-08 12:00Z', 'messages', 20, 2, '2024-08-08 12:59:59Z'),
('BTC-USDT', '2024-08-08', '2024-08-08 12:00Z', 'messages', 21, 1, '2024-08-08 12:30Z'),
('BTC-USDT', '2024-08-08', '2024-08-08 12:00Z', 'trades', 0, 2, '2024-08-08 12:30Z'),
('BTC-USDT', '2024-08-08', '2024-08-08 12:00Z', 'trades', 3, 1, '2024-08-08 12:59:59Z'),
('BTC-USDT', '2024-08-08', '2024-08-08 13:00Z', 'messages', 20, 1, '2024-08-08 13:00Z'),
('BTC-USDT', '2024-08-08', '2024-08-08 13:00Z', 'trades', 0, 1, '2024-08-08 13:00Z');
