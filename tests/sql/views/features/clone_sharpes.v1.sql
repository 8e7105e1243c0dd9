-- default: clone_return = 0.1, known_at = '2024-08-10 20:00Z'

-- case: a manager with a year of filings is held against the luckiest of all that were tried
-- given: features.clone_returns
select *
from (
    values
    ('1', 0.04), ('1', 0.02), ('1', 0.05), ('1', 0.01), ('1', 0.03),
    ('2', -0.02), ('2', 0.03), ('2', 0.01), ('2', -0.01),
    ('3', 0.2), ('3', 0.3), ('3', 0.2)
) as given (cik, excess_return);
-- expect: cik, n_portfolios, n_managers, sharpe, skew, kurtosis, luckiest_sharpe, deflated_sharpe
values
('1', 5, 3, 1.897367, 0, 1.7, 1.0762, 0.9009),
('2', 4, 3, 0.112747, 0.278031, 1.573398, 1.0762, 0.0451);

-- case: what is all alike, or all lost, has none
-- given: features.clone_returns
select *
from (
    values
    ('1', 0.01, 0.1), ('1', 0.01, 0.1), ('1', 0.01, 0.1), ('1', 0.01, 0.1), ('1', 0.02, -1)
) as given (cik, excess_return, clone_return);
-- expect: cik, n_portfolios, n_managers, sharpe, luckiest_sharpe, deflated_sharpe
values ('1', 4, 1, null, 0, null);
