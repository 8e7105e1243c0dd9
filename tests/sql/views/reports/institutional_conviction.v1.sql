-- default: cusip = 'A', ticker = 'AAA', period_end = '2024-06-30', session_date = '2024-08-14'
-- default: known_at = '2024-08-14 20:00Z', is_settled = true

-- case: the highest score first, then what has none by its change of weight
-- given: features.conviction
select *
from (
    values
    ('A', '2024-06-30', '2024-08-14', 70, 1),
    ('B', '2024-06-30', '2024-08-14', 90, 1),
    ('B', '2024-06-30', '2024-08-13', 95, 1),
    ('C', '2024-06-30', '2024-08-14', null, 2),
    ('D', '2024-06-30', '2024-08-14', null, 9)
) as given (cusip, period_end, session_date, conviction_score, active_weight_change);
-- expect: place, cusip, conviction_score
values
(1, 'B', 90),
(2, 'A', 70),
(3, 'D', null),
(4, 'C', null);
