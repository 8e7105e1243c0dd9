-- kind:       event
-- partition:  month
-- what:       How long the live process took, stage by stage, minute by minute.
-- grain:      one row per run, stage and minute in which something passed it
-- key:        run, stage, minute_at

create table latencies (
    run text not null,  -- when the process began, and its number
    stage text not null,  -- received, stored, evaluated, ruled or notified
    minute_at timestamptz not null,  -- the minute's begin
    n bigint not null,  -- how often
    sum_ms double not null,  -- all of them together
    max_ms double not null,  -- the longest
    n_1ms bigint not null,  -- that took at most 1 ms
    n_5ms bigint not null,  -- at most 5 ms, those of 1 ms included, and so on
    n_10ms bigint not null,  -- at most 10 ms
    n_25ms bigint not null,  -- at most 25 ms
    n_50ms bigint not null,  -- at most 50 ms
    n_100ms bigint not null,  -- at most 100 ms
    n_250ms bigint not null,  -- at most 250 ms
    n_500ms bigint not null,  -- at most 500 ms
    n_1000ms bigint not null,  -- at most 1 s
    n_2500ms bigint not null,  -- at most 2.5 s
    n_5000ms bigint not null,  -- at most 5 s
    n_10000ms bigint not null,  -- at most 10 s
    n_60000ms bigint not null,  -- at most 60 s; the rest of n took longer
    check (stage in ('received', 'stored', 'evaluated', 'ruled', 'notified')),
    check (n > 0),
    check (n_60000ms <= n)
);
