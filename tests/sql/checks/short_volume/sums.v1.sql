-- default: session_date = '2024-02-13', known_at = '2024-02-13 23:00Z', total_volume = 1_000

-- case: a consolidated figure that its parts deny is told; without all parts nothing is
-- given: raw.short_volume
select
    *,
    symbol as source_symbol,
    case when facility = 'CNMS' then 3_000 else 1_000 end as total_volume
from (
    values
    ('2024-02-13', 'AAPL', 'CNMS', 700), ('2024-02-13', 'AAPL', 'FNSQ', 100),
    ('2024-02-13', 'AAPL', 'FNQC', 200), ('2024-02-13', 'AAPL', 'FNYX', 300),
    ('2024-02-13', 'IBM', 'CNMS', 600), ('2024-02-13', 'IBM', 'FNSQ', 100),
    ('2024-02-13', 'IBM', 'FNQC', 200), ('2024-02-13', 'IBM', 'FNYX', 300),
    ('2024-02-14', 'AAPL', 'CNMS', 700), ('2024-02-14', 'AAPL', 'FNSQ', 100)
) as given (session_date, symbol, facility, short_volume);
-- expect: entity, reason
values ('AAPL', 'short 700.0 of 3000.0 consolidated, 600.0 of 3000.0 by the facilities');
