-- default: contract = 'c', oi_date = '2024-03-01', known_at = '2024-03-04 11:30Z', volume = 1_000

-- case: the morning after says what a session's trades did
-- given: features.oi_change
select *
from (
    values
    ('a', 600, 0.6, 'mostly_opening'), ('b', -600, -0.6, 'mostly_closing'),
    ('c', 10, 0.01, 'mixed'), ('d', 0, null, 'no_trade'), ('e', 5, null, null)
) as given (contract, d_oi, open_ratio, open_close_label);
-- expect: session_date, contract, d_oi, open_ratio, verdict, judged_at
values
('2024-03-01', 'a', 600, 0.6, 'opened', '2024-03-04 11:30Z'),
('2024-03-01', 'b', -600, -0.6, 'closed', '2024-03-04 11:30Z'),
('2024-03-01', 'c', 10, 0.01, 'mixed', '2024-03-04 11:30Z'),
('2024-03-01', 'd', 0, null, null, '2024-03-04 11:30Z'),
('2024-03-01', 'e', 5, null, null, '2024-03-04 11:30Z');

-- case: a figure that was corrected is told as corrected, once
-- given: features.oi_change
select *
from (
    values (100, '2024-03-05 11:30Z', '2024-03-04 11:30Z'), (120, null, '2024-03-05 11:30Z')
) as given (d_oi, withdrawn_at, known_at);
-- expect: d_oi, judged_at
values (120, '2024-03-05 11:30Z');
