-- default: calendar = 'XNYS', source = 'cboe', open_interest = 10

-- case: a session of which no contract of a root is told, between two that are
-- given: raw.open_interest
select
    *,
    cast(oi_date || ' 23:30Z' as timestamptz) as known_at
from (
    values
    ('AAPL240315C00180000', '2024-02-12'), ('AAPL240315C00190000', '2024-02-14'),
    ('IBM240315C00180000', '2024-02-12'), ('IBM240315C00190000', '2024-02-13'),
    ('IBM240315C00180000', '2024-02-14')
) as given (contract, oi_date);
-- expect: entity, known_at, reason
values ('AAPL', '2024-02-14 23:30Z', 'no open interest of 1 sessions after 2024-02-12');
