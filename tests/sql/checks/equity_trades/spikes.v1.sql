-- default: symbol = 'AAPL', venue = 'Q', session_date = '2024-02-13', size = 1

-- case: a print at a tenth of its neighbours is told, a fall that stays is not
-- given: raw.equity_trades
select *
from (
    values
    ('a', '2024-02-13 15:00:00Z', 180), ('b', '2024-02-13 15:00:01Z', 18),
    ('c', '2024-02-13 15:00:02Z', 181), ('d', '2024-02-13 15:00:03Z', 90),
    ('e', '2024-02-13 15:00:04Z', 91)
) as given (trade_id, traded_at, price);
-- expect: known_at, reason
values ('2024-02-13 15:00:02Z', 'a print at 18.0 between 180.0 and 181.0');
