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

-- case: a gap that a halt covers is none, one that began before it or goes on behind it is
-- given: raw.equity_bars
select
    *,
    cast(session_date || ' 21:15Z' as timestamptz) as known_at,
    cast(session_date || ' 14:30Z' as timestamptz) as starts_at
from (
    values
    ('HELD', '2024-02-12'), ('HELD', '2024-02-15'), ('LATE', '2024-02-12'), ('LATE', '2024-02-15'),
    ('SOON', '2024-02-12'), ('SOON', '2024-02-15')
) as given (symbol, session_date);
-- given: curated.halts
select
    *,
    false as is_extended
from (
    values
    ('HELD', timestamptz '2024-02-12 20:00Z', timestamptz '2024-02-15 14:30Z', null),
    ('LATE', '2024-02-13 20:00Z', '2024-02-15 14:30Z', null),
    ('SOON', '2024-02-12 20:00Z', '2024-02-14 15:00Z', null),
    ('SOON', '2024-02-12 20:00Z', null, timestamptz '2024-02-14 15:00Z')
) as given (symbol, halted_at, trades_at, withdrawn_at);
-- expect: entity, reason
values
('LATE', 'no daily bar in 2 sessions after 2024-02-12'),
('SOON', 'no daily bar in 2 sessions after 2024-02-12');
