-- kind:       event
-- partition:  month
-- what:       Stretches in which a feed's messages are missing or could not be trusted.
-- grain:      one row per gap; a book has reasons of its own: crossed, checksum, snapshot_too_old
-- key:        venue, pair, channel, began_at

create table feed_gaps (
    venue text not null,  -- where
    pair text not null,  -- of what; all, where a stream has everything
    channel text not null,  -- book, trades or quotes
    began_at timestamptz not null,  -- receive time of the last message before it
    ended_at timestamptz,  -- receive time at which the book was in sync again; null if not yet
    reason text not null,  -- gap, disconnect, silence, maintenance; a book's own are in the grain
    expected_id bigint,  -- the update id that should have come next
    found_id bigint,  -- the one that came
    n_dropped bigint not null,  -- messages that no proven book could take
    check (began_at <= ended_at)
);
