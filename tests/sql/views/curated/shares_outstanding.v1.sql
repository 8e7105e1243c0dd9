-- default: symbol = 'AAPL', as_of_date = '2024-01-19', shares = 15_441_881_000

-- case: a correction is a version of its own and withdraws the first
-- given: raw.shares_outstanding
select *
from (
    values
    (15_441_881, '2024-02-02 11:00Z'),
    (15_441_881_000, '2024-02-05 11:00Z')
) as given (shares, known_at);
-- expect: symbol, as_of_date, shares, known_at, withdrawn_at
values
('AAPL', '2024-01-19', 15_441_881, '2024-02-02 11:00Z', '2024-02-05 11:00Z'),
('AAPL', '2024-01-19', 15_441_881_000, '2024-02-05 11:00Z', null);

-- case: a row that is gone is withdrawn, and another day's count is another row
-- given: raw.shares_outstanding
select *
from (
    values
    ('2023-10-20', '2023-11-03 11:00Z', false),
    ('2023-10-20', '2023-11-06 11:00Z', true),
    ('2024-01-19', '2024-02-02 11:00Z', false)
) as given (as_of_date, known_at, is_gone);
-- expect: as_of_date, withdrawn_at
values
('2023-10-20', '2023-11-06 11:00Z'),
('2024-01-19', null);
