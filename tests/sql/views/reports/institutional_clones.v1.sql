-- default: cik = '1', manager = 'Line LLC', known_at = '2024-08-10 20:00Z'
-- default: entry_date = '2024-05-15', exit_date = '2024-08-10'

-- case: each manager's portfolios beside those of all, winners or not
-- given: features.clone_returns
select *
from (
    values
    ('1', '2024-05-10 20:00Z', '2024-02-15', '2024-05-10', 0.1, 0.05, 0.15, 0.05),
    ('1', '2024-08-10 20:00Z', '2024-05-10', '2024-08-10', 0.2, -0.01, 0.21, 0.21),
    ('2', '2024-08-10 20:00Z', '2024-05-10', '2024-08-10', -0.1, -0.3, -0.2, 0.2)
) as given (
    cik, known_at, entry_date, exit_date, clone_return, excess_return, weighted_return,
    benchmark_return
);
-- given: features.clone_sharpes
select
    '2' as cik,
    0.3 as sharpe,
    0.8 as luckiest_sharpe,
    0.1 as deflated_sharpe;
-- expect: place, n_managers, cik, n_portfolios, first_date, last_date, mean_return, mean_excess,
--     weighted_mean_excess, median_excess, excess_spread, beat_frac, total_return, all_mean_excess,
--     sharpe, luckiest_sharpe, deflated_sharpe
values
(
    1, 2, '1', 2, '2024-02-15', '2024-08-10', 0.15, 0.02, 0.05, 0.02, 0.042426, 0.5, 0.32, -0.14,
    null, null, null
),
(
    2, 2, '2', 1, '2024-05-10', '2024-08-10', -0.1, -0.3, -0.4, -0.3, null, 0, -0.1, -0.14,
    0.3, 0.8, 0.1
);
