-- default: cik = '1', manager = 'Line LLC', cusip = 'A', period_end = '2024-06-30'
-- default: known_at = '2024-08-10 20:00Z', shares = 100, manager_type = 'active'
-- default: n_positions = 12

-- case: the best idea is the largest tilt
-- given: features.position_tilts
select *
from (
    values
    ('A', 0.5, -0.1, 0.8),
    ('B', 0.3, 0.25, 6),
    ('C', 0.2, 0.2, null)
) as given (cusip, portfolio_frac, tilt, weight_ratio);
-- expect: cusip, conviction_weight, tilt, weight_ratio, weight_place, is_best_idea, n_positions
values
('A', 0.5, -0.1, 0.8, 1, false, 12),
('B', 0.3, 0.25, 6, 2, true, 12),
('C', 0.2, 0.2, null, 3, false, 12);

-- case: without a tilt the largest position is the best idea
-- given: features.position_tilts
select *
from (values ('A', 0.5), ('B', 0.6)) as given (cusip, portfolio_frac);
-- expect: cusip, tilt, weight_place, is_best_idea
values
('B', null, 1, true),
('A', null, 2, false);

-- case: the ten largest are shown, and the best idea below them
-- param: n_largest = 1
-- given: features.position_tilts
select *
from (
    values ('A', 0.5, 0), ('B', 0.3, 0), ('C', 0.2, 0.1)
) as given (cusip, portfolio_frac, tilt);
-- expect: cusip, weight_place, is_best_idea
values
('A', 1, false),
('C', 3, true);
