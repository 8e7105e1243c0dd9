-- kind:       state
-- partition:  none
-- what:       Things that are known to have happened: what detectors are measured against.
-- grain:      one row per event
-- key:        event_id

create table events (
    event_id text not null,  -- natural where there is one
    label text not null,  -- planted, or whose label it is
    detector text,  -- the id of the detector that should see it
    entity text not null,  -- as the detector names it
    subject text,  -- what of it, as in the key: a contract, a CUSIP; null where it is itself
    starts_at timestamptz not null,  -- when it begins
    ends_at timestamptz not null,  -- the last moment at which an alert still counts for it
    size double,  -- how far over the detector's threshold it was drawn: 1 is exactly on it
    direction text,  -- bull, bear or neutral; null where it has none
    note text,  -- what was done
    check (starts_at <= ends_at),
    check (size > 0)
);
