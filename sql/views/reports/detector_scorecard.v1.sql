-- what:    How many of the events that are known to have happened each detector's alerts found.
-- grain:   one row per detector, and one per size of its events; a false alert has no size, so what
--          is said of alerts stands in the row of all sizes alone
-- status:  live

with params as (
    select
        20 as min_score,  -- below it a row says what happened and alarms nobody (info)
        1.96 as z  -- of a normal distribution: 95 % lie within
),

versions as (
    select
        *,
        row_number() over (
            partition by event_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.events
),

-- What may still be found is neither found nor missed.
events as (
    select versions.*
    from versions
    cross join ops.clock as clock
    where
        versions.age = 1
        and not versions.is_gone
        and versions.detector is not null
        and versions.starts_at >= clock.since
        and versions.ends_at < clock.until
),

spans as (
    select
        detector,
        min(starts_at) as first_at,
        max(ends_at) as last_at
    from events
    group by detector
),

-- Nobody knows what happened before the first event and after the last one.
alerts as (
    select alerts.detector, alerts.entity, alerts.alert_key, alerts.fired_at
    from curated.alerts as alerts
    cross join params
    inner join spans
        on
            alerts.detector = spans.detector
            and alerts.fired_at >= spans.first_at
            and alerts.fired_at <= spans.last_at
    where alerts.withdrawn_at is null and alerts.score >= params.min_score
),

-- An alert counts for one event; where events overlap, for the one that began first.
claims as (
    select
        events.event_id, alerts.alert_key, alerts.fired_at, events.starts_at,
        row_number() over (
            partition by alerts.alert_key order by events.starts_at, events.event_id
        ) as nth
    from events
    inner join alerts
        on
            events.detector = alerts.detector
            and events.entity = alerts.entity
            and events.starts_at <= alerts.fired_at
            and events.ends_at >= alerts.fired_at
            and (
                events.subject is null
                or list_contains(string_split(alerts.alert_key, '|'), events.subject)
            )
),

found as (
    select
        event_id,
        min(epoch(fired_at - starts_at)) as delay_s
    from claims
    where nth = 1
    group by event_id
),

sizes as (
    select
        events.detector, events.size,
        grouping(events.size) = 1 as is_all,
        string_agg(distinct events.label, ', ' order by events.label) as measured_against,
        count(*) as n_events,
        count(found.event_id) as n_found,
        median(found.delay_s) as median_delay_s
    from events
    left join found on events.event_id = found.event_id
    group by grouping sets ((events.detector, events.size), (events.detector))
),

false_alerts as (
    select
        alerts.detector,
        count(*) as n_alerts,
        sum(case when claims.alert_key is null then 1 else 0 end) as n_false
    from alerts
    left join claims on alerts.alert_key = claims.alert_key and claims.nth = 1
    group by alerts.detector
),

joined as (
    select
        sizes.*, params.z,
        1 + date_diff('day', cast(spans.first_at as date), cast(spans.last_at as date)) as n_days,
        case when sizes.is_all then coalesce(false_alerts.n_alerts, 0) end as n_alerts,
        case when sizes.is_all then coalesce(false_alerts.n_false, 0) end as n_false,
        sizes.n_found + coalesce(false_alerts.n_false, 0) as n_told
    from sizes
    cross join params
    inner join spans on sizes.detector = spans.detector
    left join false_alerts on sizes.detector = false_alerts.detector
),

shares as (
    select
        *,
        n_found / n_events as recall,
        case when is_all then n_found / nullif(n_told, 0) end as accuracy
    from joined
),

-- Wilson's interval, which holds for few events too.
bounded as (
    select
        *,
        (recall + z * z / (2 * n_events)) / (1 + z * z / n_events) as recall_middle,
        z / (1 + z * z / n_events)
        * sqrt(recall * (1 - recall) / n_events + z * z / (4 * n_events * n_events))
            as recall_reach,
        (accuracy + z * z / (2 * n_told)) / (1 + z * z / n_told) as accuracy_middle,
        z / (1 + z * z / n_told)
        * sqrt(accuracy * (1 - accuracy) / n_told + z * z / (4 * n_told * n_told))
            as accuracy_reach
    from shares
)

select
    detector,  -- the id of the detector that is measured
    is_all,  -- whether it is the row of all sizes
    size,  -- how far over its threshold an event was drawn: 1 is on it; null where nobody says
    measured_against,  -- planted, or whose labels they are
    n_events,  -- events that begin and end in the span, of this size or of all
    n_found,  -- events that an alert counts for
    round(recall, 6) as recall_frac,  -- n_found of n_events
    round(greatest(0, recall_middle - recall_reach), 6) as recall_low_frac,  -- 95 % interval
    round(least(1, recall_middle + recall_reach), 6) as recall_high_frac,  -- as above
    n_alerts,  -- alerts from the first event to the last, from a score of 20 on
    cast(n_false as bigint) as n_false,  -- those that count for no event: not all are mistakes
    round(accuracy, 6) as precision_frac,  -- n_found, of n_found and n_false
    round(greatest(0, accuracy_middle - accuracy_reach), 6) as precision_low_frac,  -- 95 % interval
    round(least(1, accuracy_middle + accuracy_reach), 6) as precision_high_frac,  -- as above
    n_days,  -- UTC days from the first event to the last
    round(n_false / nullif(n_days, 0), 6) as false_per_day,  -- n_false by n_days
    round(median_delay_s, 6) as median_delay_s  -- from an event's begin to its alert
from bounded
order by detector asc, is_all desc, size asc nulls last
