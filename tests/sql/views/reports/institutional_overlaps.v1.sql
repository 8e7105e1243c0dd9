-- default: period_end = '2024-06-30', known_at = '2024-08-15 20:00Z', manager = 'One'
-- default: other_manager = 'Other', n_positions = 12, other_n_positions = 20

-- case: each manager has its nearest first, of its newest quarter, whoever stands first in a pair
-- param: n_others = 2
-- given: features.manager_overlap
select *
from (
    values
    ('1', '2', '2024-06-30', 0.3),
    ('1', '3', '2024-06-30', 0.5),
    ('1', '4', '2024-06-30', 0.1),
    ('2', '3', '2024-06-30', 0.2),
    ('1', '5', '2024-03-31', 0.9)
) as given (cik, other_cik, period_end, overlap_frac);
-- expect: cik, place, other_cik, overlap_frac, n_positions, manager
values
('1', 1, '3', 0.5, 12, 'One'),
('1', 2, '2', 0.3, 12, 'One'),
('2', 1, '1', 0.3, 20, 'Other'),
('2', 2, '3', 0.2, 12, 'One'),
('3', 1, '1', 0.5, 20, 'Other'),
('3', 2, '2', 0.2, 20, 'Other'),
('4', 1, '1', 0.1, 20, 'Other'),
('5', 1, '1', 0.9, 20, 'Other');
