-- what:    Each planted event with its first alert, and every other alert of such a detector.
-- grain:   one row per event that begins and ends in the span (found, or missed with no alert), and
--          one per alert that is none's first: false where it counts for no event, else further,
--          which is neither right nor wrong
-- status:  live
-- needs:   0s

with versions as (
    select
        *,
        row_number() over (
            partition by event_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.events
    where detector is not null
),

planted as (
    select * from versions
    where age = 1 and not is_gone
),

-- An alert of an event's detector and entity counts for it up to its last moment.
alerts as materialized (
    select
        alerts.detector, alerts.entity, alerts.alert_key, alerts.fired_at
    from detectors.all_live as alerts
    where
        alerts.fired_at >= (select clock.since from ops.clock as clock)
        and alerts.detector in (select planted.detector from planted)
),

pairs as materialized (
    select
        planted.event_id,
        alerts.alert_key, alerts.fired_at,
        row_number() over (
            partition by planted.event_id order by alerts.fired_at, alerts.alert_key
        ) as nth
    from planted
    inner join alerts
        on
            planted.detector = alerts.detector
            and planted.entity = alerts.entity
            and planted.starts_at <= alerts.fired_at
            and planted.ends_at >= alerts.fired_at
),

-- One that has begun before the span, or may still be found, is neither found nor missed.
asked as materialized (
    select
        planted.*,
        pairs.alert_key,
        pairs.fired_at
    from planted
    left join pairs on planted.event_id = pairs.event_id and pairs.nth = 1
    where
        planted.starts_at >= (select clock.since from ops.clock as clock)
        and planted.ends_at < (select clock.until from ops.clock as clock)
),

firsts as (
    select distinct alert_key from asked
),

explained as (
    select distinct alert_key from pairs
),

others as (
    select
        alerts.*,
        case when explained.alert_key is null then 'false' else 'further' end as outcome
    from alerts
    left join firsts on alerts.alert_key = firsts.alert_key
    left join explained on alerts.alert_key = explained.alert_key
    where firsts.alert_key is null
),

outcomes as (
    select
        detector, event_id, entity, size, starts_at, ends_at, alert_key, fired_at,
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
    size,  -- how far over the threshold it was drawn; null where nobody says
    starts_at,  -- when the event begins
    ends_at,  -- the last moment at which an alert counts for it
    alert_key,  -- the alert, of an event its first; null where it was missed
    fired_at as alerted_at,  -- when that alert could be known
    epoch(fired_at - starts_at) as delay_s  -- seconds from the event's begin to its alert
from outcomes
