-- default: symbol = 'AAPL', venue = 'Q', session_date = '2024-02-13', size = 1, source = 'ticks'
-- default: known_at = '2024-02-13 15:00Z', traded_at = '2024-02-13 15:00Z'

-- case: three prints that a second load tells again are one finding; equal prints of one load none
-- given: raw.equity_trades
select
    load_id, price,
    'n' || load_id || price || nth as trade_id,
    cast('2024-02-14 0' || load_id || ':00Z' as timestamptz) as recorded_at
from (
    values
    ('1', 10, 1), ('1', 11, 1), ('1', 12, 1), ('1', 12, 2),
    ('2', 10, 1), ('2', 11, 1), ('2', 12, 1), ('2', 13, 1)
) as given (load_id, price, nth);
-- expect: entity, reason
values ('AAPL', '3 prints of 2024-02-13 were loaded before');
