-- kind:       state
-- partition:  none
-- what:       What the scheduler ran: when it was due, how it ended, and how far it loaded.
-- grain:      one row per try of a job; its end is a newer version of the row of its begin
-- key:        run_id

create table schedule_runs (
    run_id text not null,  -- job, due time and begin
    job text not null,  -- a feed, or an upkeep such as refresh
    feed text,  -- the feed that it loaded; null for an upkeep
    due_at timestamptz not null,  -- the newest due time that it serves
    n_due bigint not null,  -- how many due times it serves: more than one where some were missed
    attempt bigint not null,  -- which try it is, from 1
    since_at timestamptz,  -- of a feed: from when it loaded
    until_at timestamptz,  -- of a feed: up to when it loaded
    started_at timestamptz not null,  -- when it began
    ended_at timestamptz,  -- when it ended; null while it runs
    outcome text not null,  -- running, done, failed, killed, or stopped: ended early when told to
    reason text,  -- why it was not done, in one sentence
    n_rows bigint,  -- rows that it added; null while it runs, and for an upkeep
    retry_at timestamptz,  -- when it is tried again; null where it is not
    runner text not null,  -- the process that ran it, and its machine
    check (outcome in ('running', 'done', 'failed', 'killed', 'stopped'))
);
