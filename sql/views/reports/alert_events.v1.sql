-- what:    Everything that alerts did, in the order in which the store heard of it.
-- grain:   one row per alert that fired, was told otherwise or taken away, and per step of one
-- status:  live

-- What of a load lies behind another row of it, by kind, moment and step: no load changes.
with alerts as (
    select
        *,
        row_number() over (
            partition by alert_key order by recorded_at, known_at, load_id, is_gone
        ) as nth_told
    from raw.alerts
),

firsts as (
    select alert_key, detector, entity, direction
    from alerts
    where nth_told = 1
),

told as (
    select
        case when is_gone then 'withdrawn' when nth_told = 1 then 'alert' else 'replaced' end
            as action,
        fired_at as told_at,
        alert_key, detector, entity, direction, severity, score, notional_usd, headline, evidence,
        cast(null as text) as rule,
        cast(null as text) as key,
        cast(null as text) as alert_id,
        cast(null as text) as actor,
        cast(null as text) as note,
        cast(null as timestamptz) as until_at,
        known_at, recorded_at,
        struct_pack(kind := 1, at := fired_at, step := nth_told, id := alert_key) as place
    from alerts
    union all
    select
        actions.action,
        actions.acted_at as told_at,
        actions.alert_key, firsts.detector, firsts.entity, firsts.direction, actions.severity,
        cast(null as double) as score,
        cast(null as double) as notional_usd,
        actions.headline, actions.evidence, actions.rule, actions.key, actions.alert_id,
        actions.actor, actions.note, actions.until_at,
        actions.known_at, actions.recorded_at,
        struct_pack(
            kind := 2, at := actions.acted_at, step := coalesce(actions.step, 1_000_000),
            id := actions.action_id
        ) as place
    from curated.alert_actions as actions
    left join firsts on actions.alert_key = firsts.alert_key
)

select
    recorded_at,
    row_number() over in_order as event_number,  -- counts those of one moment of the store, from 1
    action,  -- alert, replaced or withdrawn; of a step what was done, as in alert_actions
    told_at,  -- when: of the data for what the loop does, else of the clock
    severity,
    detector,
    entity,
    direction,
    score,
    notional_usd,
    headline,
    evidence,
    rule,
    key,
    alert_key,
    alert_id,
    actor,
    note,
    until_at,  -- how long it is snoozed
    known_at
from told
window in_order as (partition by recorded_at order by place)
order by recorded_at, event_number
