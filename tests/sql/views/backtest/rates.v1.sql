-- default: run_id = 'r', detector = 'options.sweep', version = 1, outcome = 'done', trial = 1
-- default: label = 'sigma_2', horizon = '5 sessions', slice_kind = 'all', slice = 'all'
-- default: n_days = 100, is_gone = false, known_at = '2024-03-05 00:00Z'

-- case: rates are of counts, with Wilson's intervals
-- given: raw.backtest_runs
select 'r' as run_id;
-- given: raw.backtest_results
select 1_000 as n_bars, 100 as n_moves, 50 as n_signals, 20 as n_hits, 60 as n_alerts;
-- expect: base_rate, precision, precision_low, precision_high, recall, f1, fpr, lift,
--     alerts_per_day
values (0.1, 0.4, 0.276082, 0.538188, 0.2, 0.266667, 0.033333, 4, 0.6);

-- case: of nothing there is no rate, and of every bar that moves no false one
-- given: raw.backtest_runs
select 'r' as run_id;
-- given: raw.backtest_results
select *
from (
    values (1, 10, 0, 0, 0), (2, 10, 10, 10, 10)
) as given (trial, n_bars, n_moves, n_signals, n_hits);
-- expect: trial, base_rate, precision, precision_low, recall, f1, fpr, lift
values
(1, 0, null, null, null, null, 0, null),
(2, 1, 1, 0.72246, 1, 1, null, 1);

-- case: what a run that is not whole counted is not shown
-- given: raw.backtest_runs
select *
from (
    values ('r', 'running', '2024-03-05 00:00Z'), ('r', 'abandoned', '2024-03-05 00:10Z')
) as given (run_id, outcome, known_at);
-- given: raw.backtest_results
select 10 as n_bars, 1 as n_moves, 1 as n_signals, 1 as n_hits;
-- expect: nothing

-- case: of events of one size there is a recall and no precision, for a false alert has no size
-- given: raw.backtest_runs
select 'r' as run_id;
-- given: raw.backtest_results
select
    'events' as label, 'size' as slice_kind, '2' as slice, 4 as n_moves, 3 as n_signals,
    3 as n_hits;
-- expect: slice, n, base_rate, recall, precision, fpr
values ('2', null, null, 0.75, null, null);
