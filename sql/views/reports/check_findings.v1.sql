-- what:    Rows that a check called bad when it looked last, at most five of each.
-- grain:   one row per check and bad row that was kept
-- status:  live

with kept as (
    select
        check_id, dataset, severity, checked_at, n_bad,
        unnest(cast(sample as json[])) as row_json
    from ops.checks
    where state = 'failing'
)

select
    check_id,
    row_json ->> 'entity' as entity,  -- what the bad row is about
    cast(row_json ->> 'known_at' as timestamptz) as known_at,  -- of the bad row
    row_json ->> 'reason' as reason,  -- why it is bad
    cast(row_json -> 'evidence' as text) as evidence,  -- its numbers, as JSON
    dataset,
    severity,
    n_bad,  -- of all bad rows of the check
    checked_at
from kept
order by check_id asc, known_at desc, entity asc
