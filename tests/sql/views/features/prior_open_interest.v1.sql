-- default: contract = 'AAPL240315C00180000', open_interest = 1_000

-- case: what a Friday closed with is held against Monday's trades, each version of it
-- given: curated.open_interest
select *
from (
    values
    ('2024-03-01', 1_000, '2024-03-04 11:30Z', '2024-03-04 14:00Z'),
    ('2024-03-01', 1_200, '2024-03-04 14:00Z', null),
    ('2024-03-04', 1_500, '2024-03-05 11:30Z', null)
) as given (oi_date, open_interest, known_at, withdrawn_at);
-- expect: contract, session_date, oi_date, open_interest, known_at, withdrawn_at
values
(
    'AAPL240315C00180000', '2024-03-04', '2024-03-01', 1_000, '2024-03-04 11:30Z',
    '2024-03-04 14:00Z'
),
('AAPL240315C00180000', '2024-03-04', '2024-03-01', 1_200, '2024-03-04 14:00Z', null),
('AAPL240315C00180000', '2024-03-05', '2024-03-04', 1_500, '2024-03-05 11:30Z', null);

-- case: a day that is no session is held against none
-- given: curated.open_interest
select
    '2024-03-02' as oi_date,
    '2024-03-04 11:30Z' as known_at;
-- expect: nothing
