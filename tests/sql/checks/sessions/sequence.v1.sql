-- default: calendar = 'XNYS', known_at = '1970-01-01 00:00Z'

-- case: a number left out, sessions over each other and a hole of two weeks are told
-- given: raw.sessions
select
    *,
    cast(session_date || ' 14:30Z' as timestamptz) as opens_at
from (
    values
    ('2024-02-12', 1, '2024-02-12 21:00Z'), ('2024-02-13', 3, '2024-02-14 21:00Z'),
    ('2024-02-14', 4, '2024-02-14 21:00Z'), ('2024-02-28', 5, '2024-02-28 21:00Z')
) as given (session_date, sequence, closes_at);
-- expect: reason
values
('2024-02-13 is number 3 after 1'), ('2024-02-14 opens before 2024-02-13 is closed'),
('no session from 2024-02-14 to 2024-02-28');
