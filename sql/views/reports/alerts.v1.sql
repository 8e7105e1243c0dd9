-- what:    What a person reads: every alert with where it stands, the newest first.
-- grain:   one row per alert: of a rule and key, or of a detector where no rule fired on it
-- status:  live
-- route:   alert_list

with fired as (
    select alert_key
    from curated.alert_states
    where rule is not null and alert_key is not null
    group by alert_key
)

select
    left(states.alert_id, 8) as id,  -- what leadline alerts show and ack take
    coalesce(states.first_fired_at, states.began_at) as told_at,  -- when it fired, or began to pend
    states.state,
    coalesce(states.severity, alerts.severity) as severity,
    states.rule,
    states.key,
    alerts.detector,
    alerts.entity,
    coalesce(states.headline, alerts.headline) as headline,
    states.ended_at,
    states.snoozed_until,
    states.actor,
    states.note,
    states.alert_key,
    states.alert_id,
    alerts.version,  -- of the detector
    alerts.direction,
    alerts.score,
    alerts.notional_usd,
    alerts.is_late,
    states.state in ('pending', 'firing', 'acknowledged', 'snoozed') as is_open  -- not done with
from curated.alert_states as states
left join curated.alerts as alerts
    on states.alert_key = alerts.alert_key and alerts.withdrawn_at is null
left join fired on states.alert_key = fired.alert_key
where states.rule is not null or fired.alert_key is null
order by told_at desc, states.alert_id asc
