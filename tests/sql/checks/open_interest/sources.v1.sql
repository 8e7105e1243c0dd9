-- default: oi_date = '2024-02-12', known_at = '2024-02-13 11:30Z'

-- case: two sources apart are told once, and a source that corrected itself is not
-- given: raw.open_interest
select *
from (
    values
    ('a', 'cboe', 100, '2024-02-13 11:30Z'), ('a', 'yahoo', 150, '2024-02-13 12:00Z'),
    ('b', 'cboe', 100, '2024-02-13 11:30Z'), ('b', 'yahoo', 150, '2024-02-13 12:00Z'),
    ('b', 'yahoo', 100, '2024-02-13 13:00Z')
) as given (contract, source, open_interest, known_at);
-- expect: entity, known_at, reason
values ('a', '2024-02-13 12:00Z', '100.0 by cboe and 150.0 by yahoo');
