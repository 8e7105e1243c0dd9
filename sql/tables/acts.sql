-- kind:       state
-- partition:  month
-- what:       Who did what to the store, from where and how it ended; ops.audit adds the rest.
-- grain:      one row per act; its end is a newer version of its begin
-- key:        act_id

create table acts (
    act_id text not null,  -- its identity, however often told
    act text not null,  -- a command, as store compact; or ask, sql, export, login, save rule
    about text,  -- on what: a feed, a file, an alert, an address
    actor text not null,  -- the system's user, a token's name, a password, or anybody
    via text not null,  -- cli, api or dashboard
    client text,  -- the address that a request came from; of IPv6 the network of 64 bits
    began_at timestamptz not null,  -- when it began
    ended_at timestamptz,  -- when it ended; null while it runs, or where it was killed
    duration_ms bigint,  -- how long it took
    outcome text not null,  -- running, done, failed, refused or interrupted
    reason text,  -- why it was not done, in one sentence
    query text,  -- the first letters of what was asked, without what looks like a secret
    query_hash text,  -- SHA-256 of all of it
    form text,  -- csv, parquet and so on, where rows were taken along
    target text,  -- the file that they were written to; null where they were answered
    n_rows bigint,  -- rows that were taken along; null where it is not known
    n_bytes bigint,  -- and bytes
    n_times bigint not null,  -- how many alike it stands for: what the API answers is added up
    details json,  -- its options, as they were given
    settings_hash text,  -- digest of the settings, without flags: another one, and they changed
    version text,  -- of leadline
    runner text,  -- the process, and its machine
    previous_hash text not null,  -- content_hash of the batch before this one, empty for the first
    check (via in ('cli', 'api', 'dashboard')),
    check (outcome in ('running', 'done', 'failed', 'refused', 'interrupted'))
);
