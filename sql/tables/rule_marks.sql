-- kind:       state
-- partition:  none
-- what:       Where the loop stands with each rule, so that whoever starts it anew goes on.
-- grain:      one row per rule; the newest row is where it stands
-- key:        rule

create table rule_marks (
    rule text not null,  -- its name
    until_at timestamptz not null,  -- the moment of the data up to which it has heard its rows
    heard_until timestamptz not null,  -- what the store knew then
    definition json,  -- the rule as it was; null once it was deleted
    state json not null  -- each key that is pending, open or quiet
);
