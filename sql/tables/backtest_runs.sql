-- kind:       state
-- partition:  none
-- what:       What was tried: each run of a backtest, with every set of parameters in it.
-- grain:      one row per run, detector and version; its end is a newer version of its begin
-- key:        run_id, detector, version

create table backtest_runs (
    run_id text not null,  -- begin and process
    detector text not null,  -- the id of the detector that is measured
    version bigint not null,  -- its version
    outcome text not null,  -- running, done or abandoned
    reason text,  -- why it was abandoned, in one sentence
    since_at timestamptz not null,  -- the span's begin, which is in
    until_at timestamptz not null,  -- the span's end, which is out
    recorded_until timestamptz not null,  -- what the store knew
    grid text not null,  -- JSON object: the values of each parameter that was varied
    settings text not null,  -- JSON object: windows, embargo, cool-down, seed and the rest
    n_trials bigint not null,  -- sets of parameters, those that were given up too
    trials text[] not null,  -- the fingerprint of each, which is its identity
    started_at timestamptz not null,  -- when it began
    ended_at timestamptz,  -- when it ended; null while it runs
    check (outcome in ('running', 'done', 'abandoned')),
    check (n_trials > 0)
);
