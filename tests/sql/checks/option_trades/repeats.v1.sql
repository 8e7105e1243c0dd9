-- default: root = 'AAPL', contract = 'AAPL240315C00180000', venue = 'C', size = 1
-- default: session_date = '2024-02-13', traded_at = '2024-02-13 15:00Z', source = 'opra'

-- case: a file that came twice under other numbers is told, corrections under the same are not
-- given: raw.option_trades
select
    *,
    cast('2024-02-14 0' || load_id || ':00Z' as timestamptz) as recorded_at
from (
    values
    ('1', 'a', 10), ('1', 'b', 11), ('1', 'c', 12), ('1', 'k', 20), ('1', 'l', 21), ('1', 'm', 22),
    ('2', 'x', 10), ('2', 'y', 11), ('2', 'z', 12),
    ('3', 'k', 20), ('3', 'l', 21), ('3', 'm', 22)
) as given (load_id, trade_id, price);
-- expect: entity, reason
values ('AAPL', '3 prints of 2024-02-13 were loaded before');
