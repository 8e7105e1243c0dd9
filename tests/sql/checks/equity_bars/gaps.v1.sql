-- default: source = 'stooq', bar = '1d', close = 10, volume = 100, adjusted = 'none'

-- case: one session between two bars is told with the later one; a long hole and a holiday are not
-- given: raw.equity_bars
select
    *,
    cast(session_date || ' 21:15Z' as timestamptz) as known_at,
    cast(session_date || ' 14:30Z' as timestamptz) as starts_at
from (
    values
    ('AAPL', '2024-02-12'), ('AAPL', '2024-02-14'),
    ('MSFT', '2024-02-16'), ('MSFT', '2024-02-20'),
    ('IBM', '2024-01-16'), ('IBM', '2024-02-14')
) as given (symbol, session_date);
-- expect: dataset, entity, known_at, reason
values (
    'equity_bars', 'AAPL', '2024-02-14 21:15Z', 'no daily bar in 1 sessions after 2024-02-12'
);
