-- what:    Every detector with what it sees, and how many alerts it fired in the span.
-- grain:   one row per detector, in the version in force
-- status:  live

with in_force as (
    select *
    from ops.views
    where path like 'sql/detectors/%'
    qualify row_number() over (
        partition by view
        order by (case status when 'live' then 0 when 'draft' then 1 else 2 end), version desc
    ) = 1
),

fired as (
    select
        detector,
        count(*) as n_alerts,
        sum(case when severity in ('high', 'critical') then 1 else 0 end) as n_high,
        max(fired_at) as newest_alert_at
    from curated.alerts
    where withdrawn_at is null and fired_at >= (select clock.since from ops.clock as clock)
    group by detector
)

select
    in_force.view as detector,  -- its id, as in the rules and in the settings
    split_part(in_force.view, '.', 1) as detector_family,  -- the folder that its file lies in
    in_force.version,  -- the one in force: the highest live one, else the highest draft
    in_force.status,  -- live; a draft is asked and shown, and alarms nobody
    coalesce(fired.n_alerts, 0) as n_alerts,  -- those that stand, of the span
    cast(coalesce(fired.n_high, 0) as bigint) as n_high,  -- those of them that are high or critical
    fired.newest_alert_at,  -- when the newest of them could be known; null where there is none
    in_force.every,  -- how often it is worth asking
    in_force.what  -- what it sees, in one sentence
from in_force
left join fired on in_force.view = fired.detector
order by detector asc
