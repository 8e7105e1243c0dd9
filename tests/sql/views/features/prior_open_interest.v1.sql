-- default: contract = 'AAPL240315C00180000', open_interest = 1_000, oi_date = '2024-03-01'
-- default: session_date = '2024-03-04'

-- case: what a Friday closed with is held against Monday's trades, each version of it
-- given: raw.open_interest
select *
from (
    values
    (1_000, '2024-03-04 11:30Z'),
    (1_200, '2024-03-04 14:00Z')
) as given (open_interest, known_at);
-- expect: contract, session_date, oi_date, open_interest, known_at, withdrawn_at
values
(
    'AAPL240315C00180000', '2024-03-04', '2024-03-01', 1_000, '2024-03-04 11:30Z',
    '2024-03-04 14:00Z'
),
('AAPL240315C00180000', '2024-03-04', '2024-03-01', 1_200, '2024-03-04 14:00Z', null);

-- case: a figure that is gone is withdrawn, and another session's is another row
-- given: raw.open_interest
select *
from (
    values
    ('2024-03-01', '2024-03-04', '2024-03-04 11:30Z', false),
    ('2024-03-01', '2024-03-04', '2024-03-04 14:00Z', true),
    ('2024-03-04', '2024-03-05', '2024-03-05 11:30Z', false)
) as given (oi_date, session_date, known_at, is_gone);
-- expect: session_date, withdrawn_at
values
('2024-03-04', '2024-03-04 14:00Z'),
('2024-03-05', null);
