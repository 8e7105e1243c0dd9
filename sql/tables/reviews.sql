-- kind:       state
-- partition:  none
-- what:       What persons say of alerts when they look at them again: each verdict stays.
-- grain:      one row per verdict
-- key:        review_id

create table reviews (
    review_id text not null,  -- alert, reviewer and moment: its identity, however often told
    alert_key text not null,  -- the alert that was looked at
    detector text not null,  -- its id
    version bigint not null,  -- of the detector
    entity text not null,  -- as the alert names it
    happened_at timestamptz not null,  -- what the alert was about, when
    fired_at timestamptz not null,  -- when it could be known
    verdict text not null,  -- real, false or unsure
    reviewer text not null,  -- who says so
    note text,  -- in their words
    reviewed_at timestamptz not null,  -- when, by the clock on the wall
    check (verdict in ('real', 'false', 'unsure'))
);
