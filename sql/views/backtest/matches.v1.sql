-- what:    Each planted event of a live detector with its first alert, and every other alert of it.
-- grain:   one row per event that begins and ends in the span (found, or missed with no alert), and
--          one per alert that is none's first: false where it counts for no event, else further,
--          which is neither right nor wrong; an alert counts for one event at most
-- status:  live
-- needs:   0s

with params as (
    select
        20 as min_score  -- below it a row says what happened and alarms nobody (info)
),

versions as (
    select
        *,
        row_number() over (
            partition by event_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.events
),

-- A detector that is not live fires no alerts, so it misses nothing either.
planted as (
    select * from versions
    where
        age = 1
        and not is_gone
        and detector in (
            select detectors.view from ops.views as detectors
            where detectors.status = 'live'
        )
),

alerts as (
    select
        alerts.detector, alerts.entity, alerts.alert_key, alerts.fired_at
    from backtest.alerts as alerts
    cross join params
    where
        alerts.fired_at >= (select clock.since from ops.clock as clock)
        and alerts.score >= params.min_score
        and alerts.detector in (select planted.detector from planted)
),

-- An alert counts up to an event's last moment; where events overlap, for the one that began first.
claims as (
    select
        planted.event_id,
        alerts.alert_key, alerts.fired_at,
        row_number() over (
            partition by alerts.alert_key order by planted.starts_at, planted.event_id
        ) as nth
    from planted
    inner join alerts
        on
            planted.detector = alerts.detector
            and planted.entity = alerts.entity
            and planted.starts_at <= alerts.fired_at
            and planted.ends_at >= alerts.fired_at
            and (
                planted.subject is null
                or list_contains(string_split(alerts.alert_key, '|'), planted.subject)
            )
),

counted as (
    select
        event_id,
        alert_key, fired_at,
        row_number() over (partition by event_id order by fired_at, alert_key) as nth
    from claims
    where nth = 1
),

-- One that has begun before the span, or may still be found, is neither found nor missed.
asked as (
    select
        planted.*,
        counted.alert_key,
        counted.fired_at
    from planted
    left join counted on planted.event_id = counted.event_id and counted.nth = 1
    where
        planted.starts_at >= (select clock.since from ops.clock as clock)
        and planted.ends_at < (select clock.until from ops.clock as clock)
),

others as (
    select
        alerts.*,
        case when counted.alert_key is null then 'false' else 'further' end as outcome
    from alerts
    left join counted on alerts.alert_key = counted.alert_key
    left join asked on alerts.alert_key = asked.alert_key
    where asked.alert_key is null
),

outcomes as (
    select
        detector, event_id, entity, subject, size, starts_at, ends_at, alert_key, fired_at,
        case when alert_key is null then 'missed' else 'found' end as outcome
    from asked
    union all by name
    select detector, entity, alert_key, fired_at, outcome
    from others
)

select
    detector,  -- the id of the detector that is measured
    outcome,  -- found, missed, further or false
    event_id,  -- null where no event was planted
    entity,  -- what a person watches
    subject,  -- what of the event's entity; null where it is the entity itself
    size,  -- how far over the threshold it was drawn; null where nobody says
    starts_at,  -- when the event begins
    ends_at,  -- the last moment at which an alert counts for it
    alert_key,  -- the alert, of an event its first; null where it was missed
    fired_at as alerted_at,  -- when that alert could be known
    epoch(fired_at - starts_at) as delay_s  -- seconds from the event's begin to its alert
from outcomes
