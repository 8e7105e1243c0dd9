-- default: cik = '1', manager = 'Line LLC', cusip = 'A', period_end = '2024-06-30'
-- default: previous_period_end = '2024-03-31', known_at = '2024-08-10 20:00Z', share_type = 'SH'
-- default: shares = 100, is_active = true, manager_type = 'active', is_first_settled = true

-- case: a tilt is what stands above the weight that all gave it a quarter before; stocks alone
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
-- expect: cusip, portfolio_frac, market_frac, tilt, weight_ratio
values
('A', 0.5, 0.6, -0.1, 0.833333),
('B', 0.3, 0.05, 0.25, 6),
('C', 0.2, 0, 0.2, null);

-- case: without the quarter before there is no tilt; who is not active has no row
-- given: features.holder_positions
select *
from (
    values
    ('1', 'A', 0.5),
    ('2', 'A', 0.6)
) as given (cik, cusip, portfolio_frac);
-- given: features.manager_reports
select *
from (values ('1', true), ('2', false)) as given (cik, is_active);
-- given: features.holder_sessions
select
    'A' as cusip,
    '2024-03-31' as period_end,
    '2024-08-10 20:01Z' as known_at,
    60 as value_usd;
-- expect: cik, cusip, tilt, market_frac, weight_ratio
values ('1', 'A', null, null, null);
