-- default: source = 'stooq', bar = '1d', symbol = 'AAPL', adjusted = 'none', open = 10, high = 12
-- default: low = 9, close = 11

-- case: the same bar twice is told, of few shares it is not
-- given: raw.equity_bars
select
    *,
    cast(session_date || ' 14:30Z' as timestamptz) as starts_at,
    cast(session_date || ' 21:15Z' as timestamptz) as known_at
from (
    values
    ('AAPL', '2024-02-12', 5_000), ('AAPL', '2024-02-13', 5_000), ('AAPL', '2024-02-14', 5_001),
    ('TINY', '2024-02-12', 100), ('TINY', '2024-02-13', 100)
) as given (symbol, session_date, volume);
-- expect: entity, known_at, reason
values ('AAPL', '2024-02-13 21:15Z', 'its bar repeats that of 2024-02-12');
