-- default: cusip = 'A', ticker = 'AAA', period_end = '2024-06-30', session_date = '2024-08-14'
-- default: known_at = '2024-08-14 20:00Z'

-- case: the longest way out first, each security once
-- given: features.crowding
select *
from (
    values
    ('A', '2024-06-30', '2024-08-14', 5),
    ('A', '2024-03-31', '2024-05-15', 50),
    ('B', '2024-06-30', '2024-08-14', 8),
    ('C', '2024-06-30', '2024-08-14', null)
) as given (cusip, period_end, session_date, days_adv);
-- expect: place, cusip, days_adv
values
(1, 'B', 8),
(2, 'A', 5),
(3, 'C', null);
