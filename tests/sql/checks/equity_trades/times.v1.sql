-- default: symbol = 'AAPL', venue = 'Q', session_date = '2024-02-13', price = 10, size = 1

-- case: a print from the future and one of another day are told, a late one is not
-- given: raw.equity_trades
select *
from (
    values
    ('a', '2024-02-13 15:00Z', '2024-02-13 15:00:01Z'),
    ('b', '2024-02-13 15:00Z', '2024-02-13 20:59Z'),
    ('c', '2024-02-13 15:00:09Z', '2024-02-13 15:00:01Z'),
    ('d', '2024-02-13 15:00Z', '2024-02-15 15:00Z')
) as given (trade_id, traded_at, known_at);
-- expect: known_at, reason, evidence ->> 'trade_id'
values
('2024-02-13 15:00:01Z', 'it was traded after it was known', 'c'),
('2024-02-15 15:00Z', 'it was known far from its session of 2024-02-13', 'd');
