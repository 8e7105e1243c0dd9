-- default: run_id = 'r', detector = 'options.sweep', version = 1, trial = 1, slice_kind = 'all'
-- default: label = 'sigma_2', horizon = '5 sessions', known_at = '2024-03-05 00:00Z'
-- default: since_at = '2024-01-01 00:00Z', until_at = '2024-03-01 00:00Z', is_gone = false

-- case: q-values are those of the rule book's example
-- given: raw.backtest_returns
select 'none' as run_id;
-- given: backtest.rates
select *
from (
    values
    (1, 0.001), (2, 0.008), (3, 0.039), (4, 0.041), (5, 0.042), (6, 0.06), (7, 0.074),
    (8, 0.205), (9, 0.212), (10, 0.216), (11, null), (0, 0.5)
) as given (trial, p_value);
-- expect: trial, q_value
values
(1, 0.01), (2, 0.04), (3, 0.084), (4, 0.084), (5, 0.084), (6, 0.1), (7, 0.105714286),
(8, 0.216), (9, 0.216), (10, 0.216), (11, null), (0, 0.5);

-- case: the newest run of a version and span stands, and another span beside it
-- given: raw.backtest_returns
select *
from (values ('new', 7), ('wide', 9)) as given (run_id, n_trades);
-- given: backtest.rates
select *
from (
    values
    ('old', '2024-03-05 00:00Z', '2024-01-01 00:00Z', 'all'),
    ('new', '2024-03-06 00:00Z', '2024-01-01 00:00Z', 'all'),
    ('new', '2024-03-06 00:00Z', '2024-01-01 00:00Z', 'regime'),
    ('wide', '2024-03-04 00:00Z', '2023-01-01 00:00Z', 'all')
) as given (run_id, known_at, since_at, slice_kind);
-- expect: run_id, n_trades
values ('new', 7), ('wide', 9);
