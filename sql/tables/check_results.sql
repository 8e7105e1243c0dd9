-- kind:       state
-- partition:  none
-- what:       What each look at the data found: how many rows a check calls bad, and a few of them.
-- grain:      one row per check and look
-- key:        check_id, checked_at

create table check_results (
    check_id text not null,  -- its id, as open_interest.gaps
    dataset text not null,  -- whose rows it looks at
    since timestamptz not null,  -- the span's begin, which is in
    until timestamptz not null,  -- the span's end, which is out
    n_bad bigint,  -- rows that it calls bad; null where it could not be asked
    n_looked_at bigint,  -- rows of the dataset in the span
    sample json,  -- at most five of the bad ones
    reason text,  -- why it could not be asked; else null
    severity text not null,  -- how bad a finding of it is: info, low, medium, high or critical
    fingerprint text not null,  -- of the check as it was
    checked_at timestamptz not null,  -- when it was asked
    duration_ms bigint not null,  -- how long it took
    check (n_bad >= 0),
    check (n_bad is not null or reason is not null),
    check (severity in ('info', 'low', 'medium', 'high', 'critical'))
);
