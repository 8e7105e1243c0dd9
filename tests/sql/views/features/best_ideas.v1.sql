-- default: cik = '1', manager = 'Line LLC', cusip = 'A', period_end = '2024-06-30'
-- default: previous_period_end = '2024-03-31', known_at = '2024-08-10 20:00Z', share_type = 'SH'
-- default: shares = 100, is_active = true, manager_type = 'active', is_first_settled = true

-- case: the best idea is what stands most above the weight that all gave it a quarter before
-- given: features.holder_positions
select *
from (
    values
    ('A', null, 'SH', 100, 0.5),
    ('B', null, 'SH', 100, 0.3),
    ('C', null, 'SH', 100, 0.2),
    ('D', 'put', 'SH', 100, 0.9),
    ('E', null, 'PRN', 100, 0.9),
    ('F', null, 'SH', 0, 0)
) as given (cusip, put_call, share_type, shares, portfolio_frac);
-- given: features.manager_reports
select 12 as n_positions;
-- given: features.holder_sessions
select *
from (
    values
    ('A', '2024-03-31', '2024-05-15 20:00Z', 60, true),
    ('B', '2024-03-31', '2024-05-15 20:00Z', 5, true),
    ('Z', '2024-03-31', '2024-05-15 20:00Z', 35, true),
    ('B', '2024-03-31', '2024-05-16 20:00Z', 900, false)
) as given (cusip, period_end, known_at, value_usd, is_first_settled);
-- expect: cusip, conviction_weight, tilt, weight_place, is_best_idea, n_positions
values
('A', 0.5, -0.1, 1, false, 12),
('B', 0.3, 0.25, 2, true, 12),
('C', 0.2, 0.2, 3, false, 12);

-- case: without the quarter before, or before it counted, the largest position is the best idea
-- given: features.holder_positions
select *
from (
    values
    ('A', '2024-06-30', 0.5),
    ('B', '2024-06-30', 0.6)
) as given (cusip, period_end, portfolio_frac);
-- given: features.manager_reports
select 12 as n_positions;
-- given: features.holder_sessions
select
    'A' as cusip,
    '2024-03-31' as period_end,
    '2024-08-10 20:01Z' as known_at,
    60 as value_usd;
-- expect: cusip, tilt, weight_place, is_best_idea
values
('B', null, 1, true),
('A', null, 2, false);

-- case: one position, or one that is hardly traded, is no active manager's; ten are shown
-- param: n_largest = 1
-- given: features.holder_positions
select *
from (
    values
    ('1', 'A', 1),
    ('2', 'A', 0.6),
    ('2', 'B', 0.4)
) as given (cik, cusip, portfolio_frac);
-- given: features.manager_reports
select *
from (
    values
    ('1', false),
    ('2', true)
) as given (cik, is_active);
-- expect: cik, cusip
values ('2', 'A');
