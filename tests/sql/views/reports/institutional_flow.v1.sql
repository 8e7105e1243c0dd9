-- default: cusip = 'A', ticker = 'AAA', period_end = '2024-06-30', session_date = '2024-08-14'
-- default: known_at = '2024-08-14 20:00Z', flow_label = 'inflow', is_preliminary = false

-- case: each security's newest session of its newest quarter, the largest sum first
-- given: features.institutional_flow
select *
from (
    values
    ('A', '2024-06-30', '2024-08-14', 5),
    ('A', '2024-06-30', '2024-08-15', 6),
    ('A', '2024-03-31', '2024-08-16', 99),
    ('B', '2024-06-30', '2024-08-14', -7),
    ('C', '2024-06-30', '2024-08-14', null)
) as given (cusip, period_end, session_date, net_flow_usd);
-- expect: place, cusip, session_date, net_flow_usd, flow_label
values
(1, 'B', '2024-08-14', -7, 'inflow'),
(2, 'A', '2024-08-15', 6, 'inflow'),
(3, 'C', '2024-08-14', null, 'inflow');
