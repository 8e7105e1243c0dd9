-- what:    Where each alert stands: those of rules by their steps, those of detectors by the time
--          that they are open, and all by what persons and retractions did to them.
-- grain:   one row per alert; a rule without a word of a key has none of it
-- status:  live

with params as (
    select
        interval 5 minutes as crypto_open,  -- as a rule's `keep` where it says none
        interval 15 minutes as intraday_open,  -- as above
        interval 1 day as daily_open,  -- as above, where a session is a day
        'filings' as daily_family  -- whose detectors speak once a day, beside those named below
),

-- What happened, in the order in which the store heard of it.
steps as (
    select
        coalesce(alert_id, md5(alert_key)) as alert_id,
        rule, key, alert_key, action, acted_at, until_at, severity, headline, actor, note,
        struct_pack(seen := recorded_at, n := coalesce(step, 1_000_000), id := action_id) as place,
        action in ('acknowledged', 'snoozed', 'woken') as is_by_hand
    from curated.alert_actions
),

placed as (
    select
        *,
        case when not is_by_hand then place end as loop_place,
        case when is_by_hand then place end as hand_place,
        case when action in ('fired', 'raised', 'no_data') then place end as told_place,
        case when action in ('pending', 'fired', 'raised', 'no_data') then place end as said_place,
        case when action = 'acknowledged' then place end as acknowledged_place,
        case when action in ('snoozed', 'woken') then place end as snoozed_place,
        case when note is not null then place end as noted_place,
        case when action in ('fired', 'no_data') then acted_at end as fired_at,
        case
            when action in ('resolved', 'lapsed', 'expired', 'retracted', 'data_back') then acted_at
        end as ended_at
    from steps
),

summed as (
    select
        alert_id,
        arg_min(rule, place) as rule,
        arg_min(key, place) as key,
        arg_max(alert_key, told_place) as alert_key,
        arg_max(action, loop_place) as last_action,
        min(acted_at) as began_at,
        min(fired_at) as fired_at,
        max(ended_at) as ended_at,
        max(told_place) as told_place,
        max(acknowledged_place) as acknowledged_place,
        arg_max(severity, loop_place) as severity,
        arg_max(headline, said_place) as headline,
        arg_max(actor, hand_place) as actor,
        arg_max(note, noted_place) as note
    from placed
    group by alert_id
),

-- Who snoozes an alert of a rule snoozes its key: what fires anew meanwhile is snoozed too.
snoozes as (
    select
        coalesce(rule, '') as rule,
        key,
        arg_max(until_at, snoozed_place) as snoozed_until,
        arg_max(action, snoozed_place) as snoozed_by
    from placed
    where snoozed_place is not null
    group by coalesce(rule, ''), key
),

-- An alert that no rule took is open for a while, as if a rule without a word had taken it.
alerts as (
    select
        md5(alerts.alert_key) as alert_id,
        alerts.alert_key, alerts.fired_at, alerts.severity,
        alerts.headline,
        alerts.fired_at + case
            when alerts.detector like 'crypto.%' then params.crypto_open
            when
                alerts.detector like params.daily_family || '.%'
                or alerts.detector in (
                    'off_exchange.imbalance', 'off_exchange.ratio', 'off_exchange.short_share',
                    'options.oi_change', 'options.opened', 'options.stock_volume'
                )
                then params.daily_open
            else params.intraday_open
        end as open_until
    from curated.alerts as alerts
    cross join params
    where alerts.withdrawn_at is null
),

joined as (
    select
        coalesce(alerts.alert_id, summed.alert_id) as alert_id,
        summed.rule,
        coalesce(summed.key, alerts.alert_key) as key,
        coalesce(alerts.alert_key, summed.alert_key) as alert_key,
        coalesce(alerts.severity, summed.severity) as severity,
        coalesce(alerts.headline, summed.headline) as headline,
        coalesce(alerts.fired_at, summed.fired_at) as fired_at,
        coalesce(alerts.fired_at, summed.began_at) as began_at,
        case
            when summed.ended_at is not null then summed.ended_at
            when alerts.open_until <= clock.until then alerts.open_until
        end as ended_at,
        coalesce(
            summed.last_action,
            case when alerts.open_until <= clock.until then 'resolved' else 'fired' end
        ) as last_action,
        coalesce(
            summed.acknowledged_place > summed.told_place,
            summed.acknowledged_place is not null
        ) as is_acknowledged,
        coalesce(snoozes.snoozed_by = 'snoozed' and snoozes.snoozed_until > clock.until, false)
            as is_snoozed,
        case when snoozes.snoozed_by = 'snoozed' then snoozes.snoozed_until end as snoozed_until,
        summed.actor,
        summed.note
    from alerts
    full join summed on alerts.alert_id = summed.alert_id
    left join snoozes on coalesce(summed.rule, '') = snoozes.rule and summed.key = snoozes.key
    cross join ops.clock as clock
)

select
    alert_id,
    rule,
    key,
    alert_key,
    case
        when last_action = 'retracted' then 'retracted'
        when last_action in ('lapsed', 'expired') then 'inactive'
        when last_action in ('resolved', 'data_back') then 'resolved'
        when is_snoozed then 'snoozed'
        when is_acknowledged then 'acknowledged'
        when last_action = 'pending' then 'pending'
        else 'firing'
    end as state,  -- inactive, pending, firing, acknowledged, snoozed, resolved or retracted
    began_at,  -- when it began to hold
    fired_at as first_fired_at,  -- null while it is pending
    ended_at,  -- null while it is open
    severity,
    headline,
    snoozed_until,  -- null where nobody snoozed it, or it was woken
    actor,  -- who acted on it last
    note  -- what was said of it last
from joined
