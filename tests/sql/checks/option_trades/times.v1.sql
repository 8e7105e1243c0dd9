-- default: calendar = 'XNYS', session_date = '2024-02-13', contract = 'AAPL240315C00180000'

-- case: a print from the future and one of another week are told, one of the night before is not
-- given: raw.option_trades
select *
from (
    values
    ('a', '2024-02-13 15:00Z', '2024-02-13 15:00Z'),
    ('b', '2024-02-13 01:15Z', '2024-02-13 01:15Z'),
    ('c', '2024-02-13 15:00:05Z', '2024-02-13 15:00Z'),
    ('d', '2024-02-06 15:00Z', '2024-02-13 15:00Z')
) as given (trade_id, traded_at, known_at);
-- expect: reason, evidence ->> 'trade_id'
values
('it was matched after it was known', 'c'),
('it was matched far from its session of 2024-02-13', 'd');
