-- kind:       state
-- partition:  none
-- what:       The store's own ledger: one line for every load and every forget.
-- grain:      one row per publication of what a load covers, and one per load forgotten
-- key:        load_id

create table loads (
    load_id text not null,  -- digest of feed, coverage, publication and content
    action text not null,  -- load or forget
    feed text not null,  -- the loader's name
    coverage text not null,  -- what it covers: a file's name, or a step of time
    publication bigint not null,  -- how many lines of this coverage came before it
    content_hash text not null,  -- SHA-256 of what the source sent
    forgets text,  -- the load_id that a forget takes away
    known_from text not null,  -- what set known_at: loader, last-modified, known-at or loading
    n_rows bigint not null,  -- rows appended, tombstones left out
    n_gone bigint not null,  -- tombstones appended
    n_rejected bigint not null,  -- rows set aside
    n_conflicts bigint not null,  -- commits tried again because another writer was first
    datasets struct(
        dataset text, n_rows bigint, since_date date, until_date date, newest_at timestamptz
    )[] not null,  -- what went where, the days of known_at that it spans, and the newest of it
    origin text not null,  -- the file or the address
    started_at timestamptz not null,  -- when the load began
    duration_ms bigint not null,  -- how long it took
    recorded_at timestamptz not null,  -- the store's clock: later than every earlier line
    check (action in ('load', 'forget'))
);
