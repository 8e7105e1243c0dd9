-- what:    Alerts that nobody reviewed yet, those first of which a verdict says most.
-- grain:   one row per alert that stands and has no verdict
-- status:  live
-- needs:   0s

with params as (
    select
        20 as threshold,  -- below it a row says what happened and alarms nobody (info)
        5 as near,  -- so close to it an alert might as well have stayed away; a guess
        0.5 as min_apart  -- of two models' percentiles: one finds it odd, one does not; a guess
),

waiting as (
    select alerts.*
    from curated.alerts as alerts
    left join curated.review_labels as labels on alerts.alert_key = labels.alert_key
    where alerts.withdrawn_at is null and labels.alert_key is null
),

-- What happens after a close belongs to the next session.
dated as (
    select
        waiting.*,
        us.session_date
    from waiting
    asof left join curated.us_sessions as us on waiting.happened_at <= us.closes_at
),

opinions as (
    select
        entity, session_date,
        case when count(*) > 1 then max(percentile) - min(percentile) end as apart
    from curated.model_scores
    where measure = 'anomaly' and withdrawn_at is null and percentile is not null
    group by entity, session_date
),

placed as (
    select
        dated.*,
        opinions.apart,
        coalesce(opinions.apart >= params.min_apart, false) as is_disputed,
        abs(dated.score - params.threshold) <= params.near as is_near
    from dated
    cross join params
    left join opinions
        on dated.entity = opinions.entity and dated.session_date = opinions.session_date
)

select
    row_number() over (
        order by is_disputed desc, is_near desc, fired_at desc, alert_key asc
    ) as place,  -- from 1, which is the one to look at first
    left(md5(alert_key), 8) as id,  -- what leadline review mark takes
    case
        when is_disputed then 'models disagree'
        when is_near then 'near the threshold'
        else 'not reviewed'
    end as why,  -- why it stands where it does
    detector,
    version,  -- of the detector
    entity,
    fired_at,
    severity,
    score,
    headline,
    evidence,
    alert_key,
    round(apart, 6) as apart  -- of the percentiles that models give its session; null without two
from placed
order by place
