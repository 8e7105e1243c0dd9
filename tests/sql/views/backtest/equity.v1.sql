-- default: run_id = 'r', detector = 'options.sweep', version = 1, trial = 1, outcome = 'done'
-- default: horizon = '1 session', is_gone = false, known_at = '2024-03-05 00:00Z'

-- case: what is earned is earned on what was there the day before
-- given: raw.backtest_runs
select 'r' as run_id;
-- given: raw.backtest_returns
select
    [date '2024-03-05', date '2024-03-06', date '2024-03-07'] as dates,
    cast([0.1, -0.5, 0] as double[]) as day_returns;
-- expect: session_date, day_return, equity
values ('2024-03-05', 0.1, 1.1), ('2024-03-06', -0.5, 0.55), ('2024-03-07', 0, 0.55);

-- case: a run that was given up shows nothing
-- given: raw.backtest_runs
select 'abandoned' as outcome;
-- given: raw.backtest_returns
select
    [date '2024-03-05'] as dates,
    cast([0.1] as double[]) as day_returns;
-- expect: nothing
