-- default: source_symbol = 'AAPL'

-- case: a facility's missing file is told with the next one
-- given: raw.short_volume
select
    *,
    cast(session_date || ' 23:00Z' as timestamptz) as known_at
from (
    values
    ('CNMS', '2024-02-12'), ('CNMS', '2024-02-14'),
    ('FNSQ', '2024-02-12'), ('FNSQ', '2024-02-13'), ('FNSQ', '2024-02-14')
) as given (facility, session_date);
-- expect: entity, known_at, reason
values ('CNMS', '2024-02-14 23:00Z', 'no file of 1 sessions after 2024-02-12');
