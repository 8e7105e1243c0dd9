-- kind:       state
-- partition:  none
-- what:       What each set of a backtest told, counted: bars, moves, signals and hits.
-- grain:      one row per run, detector, version, trial, label, horizon and slice; trial 0 is what
--             was chosen in each fold's training days, and counted in its test
-- key:        run_id, detector, version, trial, label, horizon, slice_kind, slice

create table backtest_results (
    run_id text not null,  -- as in backtest_runs
    detector text not null,  -- the id of the detector that is measured
    version bigint not null,  -- its version
    trial bigint not null,  -- number of the set, from 1; 0 is what training chose, fold by fold
    fingerprint text,  -- of the set: text, parameters and all that it reads; null of trial 0
    params text not null,  -- JSON object: the parameters that were replaced
    label text not null,  -- what counts: events, or a label of backtest.moves
    horizon text not null,  -- how long a move may take; of events that of the event
    slice_kind text not null,  -- all, regime, time_of_day, fold, or size of events
    slice text not null,  -- which one: stressed, midday, 3, 1.5
    n_bars bigint,  -- entities times bars that have the label, true or false; null of events
    n_moves bigint not null,  -- those of them where it is true; of events how many there are
    n_alerts bigint,  -- alerts, before an entity's bar counts once
    n_signals bigint not null,  -- bars with an alert; of events those found and the false alerts
    n_hits bigint not null,  -- signals on a bar that moves; of events those found
    n_days bigint not null,  -- days with bars
    n_top bigint,  -- signals among the strongest of their days
    n_top_hits bigint,  -- hits among these
    n_folds bigint,  -- tests that it is counted over
    median_delay_s double,  -- of events from its begin, else from the alert to the bar after it
    lift_low double,  -- 95 % of draws of blocks of days lie above
    lift_high double,  -- 95 % of them lie below
    p_value double,  -- chance of so many hits without skill, by the same draws
    reason text,  -- why a figure is missing, in one sentence
    check (slice_kind in ('all', 'regime', 'time_of_day', 'fold', 'size')),
    check (n_hits <= n_signals),
    check (n_hits <= n_moves),
    check (n_moves <= n_bars),
    check (p_value between 0 and 1)
);
