-- what:    What happened to each alert, and who was told of it, the newest first.
-- grain:   one row per step of an alert, and per notice that told one of its steps
-- status:  live

with steps as (
    select
        action_id, action, acted_at, actor, severity, note, until_at,
        coalesce(alert_id, md5(alert_key)) as alert_id
    from curated.alert_actions
),

notices as (
    select
        channel, state, queued_at, sent_at, due_at, n_tries, reason, subject,
        unnest(action_ids) as action_id
    from ops.deliveries
),

told as (
    select
        steps.alert_id, notices.channel, notices.state, notices.queued_at, notices.subject,
        any_value(notices.sent_at) as sent_at,
        any_value(notices.due_at) as due_at,
        any_value(notices.n_tries) as n_tries,
        any_value(notices.reason) as reason
    from notices
    inner join steps on notices.action_id = steps.action_id
    group by steps.alert_id, notices.channel, notices.state, notices.queued_at, notices.subject
)

select
    alert_id,
    acted_at as happened_at,
    action as step,  -- what was done, as in alert_actions; of a notice how far it has come
    actor,  -- the loop, a person, or the channel of a notice
    severity,
    until_at,  -- how long it is snoozed, or when a notice is tried again
    note
from steps
union all
select
    md5(alert_key) as alert_id,
    fired_at as happened_at,
    'seen' as step,
    detector as actor,
    severity,
    cast(null as timestamptz) as until_at,
    case when is_late then 'it was told late' end as note
from curated.alerts
where withdrawn_at is null
union all
select
    alert_id,
    coalesce(sent_at, queued_at) as happened_at,
    'notice ' || state as step,
    channel as actor,
    cast(null as text) as severity,
    due_at as until_at,
    coalesce(reason, subject) as note
from told
order by happened_at desc, alert_id asc, step asc, actor asc
