-- default: calendar = 'XNYS', source = 'cboe'

-- case: ten times for a session, and nothing for a session, are told; what stays and little are not
-- given: raw.open_interest
select
    *,
    cast(oi_date || ' 23:30Z' as timestamptz) as known_at
from (
    values
    ('slip', '2024-02-12', 900), ('slip', '2024-02-13', 9_100), ('slip', '2024-02-14', 905),
    ('gone', '2024-02-12', 5_000), ('gone', '2024-02-13', 0), ('gone', '2024-02-14', 5_100),
    ('stays', '2024-02-12', 900), ('stays', '2024-02-13', 9_100), ('stays', '2024-02-14', 9_000),
    ('little', '2024-02-12', 9), ('little', '2024-02-13', 910), ('little', '2024-02-14', 9)
) as given (contract, oi_date, open_interest);
-- expect: entity, known_at, reason
values
('slip', '2024-02-14 23:30Z', '9100 contracts between 900 and 905'),
('gone', '2024-02-14 23:30Z', '0 contracts between 5000 and 5100');
