-- kind:       state
-- partition:  none
-- what:       Everything that happened to an alert after it fired: by a rule, and by a person.
-- grain:      one row per step of one alert, or of one key of a rule
-- key:        action_id

create table alert_actions (
    action_id text not null,  -- rule, key, action and moment: its identity, however often told
    rule text,  -- the rule's name; null where a person or the loop acts on an alert without one
    key text not null,  -- what of the rule it is about, as AAPL; without a rule the alert_key
    alert_key text,  -- the alert that did it; null where a row of another view did
    alert_id text,  -- what it is a step of: rule, key and when it began; else of the alert_key
    step bigint,  -- counts the steps that the loop took of it, from 1
    action text not null,  -- pending, fired, raised, acknowledged, snoozed, ... as listed below
    acted_at timestamptz not null,  -- when: of the data for what the loop does, else of the clock
    until_at timestamptz,  -- how long it is snoozed
    severity text,  -- info, low, medium, high or critical, at that moment
    headline text,  -- one sentence with the numbers that matter
    evidence json,  -- the row that did it
    actor text not null,  -- loop, or whoever did it
    note text,  -- in their words
    definition json,  -- the rule as it was, so that deleting it keeps its history
    fingerprint text,  -- of the view that it asked
    check (
        action in (
            'pending', 'lapsed', 'fired', 'raised', 'resolved', 'retracted', 'no_data', 'data_back',
            'acknowledged', 'snoozed', 'woken', 'expired'
        )
    )
);
