-- default: source = 'stooq', bar = '1d', symbol = 'AAPL', volume = 100, adjusted = 'none'

-- case: a close ten times its neighbours is told, a split that stays and a corrected slip are not
-- given: raw.equity_bars
select
    symbol, session_date, close,
    cast(session_date || ' 14:30Z' as timestamptz) as starts_at,
    cast(session_date || ' 21:15Z' as timestamptz) + to_hours(corrected) as known_at
from (
    values
    ('AAPL', '2024-02-12', 180, 0), ('AAPL', '2024-02-13', 1_810, 0),
    ('AAPL', '2024-02-14', 181, 0),
    ('NVDA', '2024-02-12', 400, 0), ('NVDA', '2024-02-13', 40, 0), ('NVDA', '2024-02-14', 41, 0),
    ('IBM', '2024-02-12', 150, 0), ('IBM', '2024-02-13', 15, 0), ('IBM', '2024-02-13', 150, 1),
    ('IBM', '2024-02-14', 151, 0)
) as given (symbol, session_date, close, corrected);
-- expect: entity, known_at, reason
values ('AAPL', '2024-02-14 21:15Z', 'close of 1810.0 between 180.0 and 181.0');
