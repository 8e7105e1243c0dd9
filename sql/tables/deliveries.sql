-- kind:       state
-- partition:  none
-- what:       Everything that happened to a notice: it was composed, held back, tried, taken.
-- grain:      one row per step of one notice
-- key:        notice_id, attempt, outcome

create table deliveries (
    notice_id text not null,  -- the id under which it is sent, however often it is
    channel text not null,  -- the name of [channels.NAME]
    attempt bigint not null,  -- how often it had been tried by then, this try among them
    outcome text not null,  -- queued, sent, failed, dead, held or joined, as below
    tried_at timestamptz not null,  -- when, by the clock on the wall
    due_at timestamptz,  -- when it is tried, or tried again; null where nothing follows
    action_ids text[],  -- what of alert_actions it tells; null on a try, which queued came before
    rule text,  -- whose alerts it tells; null where it tells those of several
    subject text,  -- the line that it is known by
    follows text,  -- the notice before it, which told the same: it is still open
    reason text,  -- why it was not taken, or is held; of joined: the notice that tells it instead
    duration_ms bigint,  -- how long the try took
    check (outcome in ('queued', 'sent', 'failed', 'dead', 'held', 'joined')),
    check (attempt >= 0)
);
