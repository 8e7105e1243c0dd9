-- default: cik = '1', manager = 'Line LLC', cusip = 'A', period_end = '2024-06-30'
-- default: known_at = '2024-08-10 20:00Z', manager_type = 'active'

-- case: each manager's newest quarter as it stands
-- given: features.best_ideas
select *
from (
    values
    ('1', 'A', '2024-06-30', null, true),
    ('1', 'B', '2024-06-30', '2024-08-12 20:00Z', false),
    ('1', 'C', '2024-03-31', null, false),
    ('2', 'C', '2024-03-31', null, true)
) as given (cik, cusip, period_end, withdrawn_at, is_best_idea);
-- expect: cik, cusip, period_end, is_best_idea
values
('1', 'A', '2024-06-30', true),
('2', 'C', '2024-03-31', true);
