-- kind:       state
-- partition:  none
-- what:       Alerts of the live detectors, as the loop first saw them.
-- grain:      one row per alert
-- key:        alert_key

create table alerts (
    alert_key text not null,  -- detector, entity, first row's id and bucket: its identity
    detector text not null,  -- its id, as in the rules and in the settings
    version bigint not null,  -- the version that fired
    fingerprint text not null,  -- digest of its text, its parameters and of all that it reads
    inputs json not null,  -- every view that it reads, with the version in force
    params json not null,  -- the parameters in force
    entity text not null,  -- what a person watches
    entity_type text not null,  -- contract, underlying, pair, manager, issuer, portfolio or market
    happened_at timestamptz not null,  -- when it happened
    fired_at timestamptz not null,  -- the first moment at which it could be known
    direction text,  -- bull, bear or neutral; null where the side is unknown
    severity text not null,  -- info, low, medium, high or critical
    score double not null,  -- 0 to 100
    confidence double not null,  -- 0 to 1
    notional_usd double,  -- what it weighs in USD; null where that is unknown
    headline text not null,  -- one sentence with the numbers that matter
    evidence json not null,  -- every number that the row is computed from
    is_late boolean not null,  -- it fired before the tick that saw it, since rows came late
    ticked_at timestamptz not null,  -- the tick's until: the row replays with it
    recorded_until timestamptz not null  -- what the store knew at that tick
);
