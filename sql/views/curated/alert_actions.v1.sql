-- what:    Everything that happened to alerts, each step once, however often it was told.
-- grain:   one row per step of one alert, or of one key of a rule
-- status:  live

with told as (
    select
        *,
        row_number() over (
            partition by action_id order by recorded_at, known_at, load_id
        ) as nth_told
    from raw.alert_actions
    where not is_gone
)

select
    action_id,
    alert_id,
    rule,
    key,
    alert_key,
    action,
    acted_at,
    known_at,
    recorded_at,
    step,
    until_at,
    severity,
    headline,
    evidence,
    actor,
    note,
    definition,
    fingerprint
from told
where nth_told = 1
