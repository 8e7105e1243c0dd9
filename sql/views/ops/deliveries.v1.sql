-- what:    Notices, and how far each has come: what waits, what was taken, what is dead and why.
-- grain:   one row per notice
-- status:  live

with steps as (
    select
        *,
        row_number() over (partition by notice_id order by recorded_at desc, attempt desc) as nth,
        first_value(tried_at) over (
            partition by notice_id order by recorded_at, attempt
        ) as queued_at
    from curated.deliveries
),

told as (
    select
        notice_id,
        arg_max(subject, recorded_at) as subject,
        arg_max(rule, recorded_at) as rule,
        arg_max(action_ids, recorded_at) as action_ids
    from curated.deliveries
    where action_ids is not null
    group by notice_id
),

failures as (
    select
        notice_id,
        arg_max(reason, recorded_at) as reason
    from curated.deliveries
    where outcome in ('failed', 'dead')
    group by notice_id
)

select
    steps.notice_id, steps.channel, told.rule,
    case steps.outcome
        when 'queued' then 'waiting'
        when 'failed' then 'waiting'
        else steps.outcome
    end as state,  -- waiting, held, joined, sent or dead
    steps.queued_at,  -- when it was composed
    case when steps.outcome = 'sent' then steps.tried_at end as sent_at,  -- when it was taken
    steps.due_at,  -- when it is tried again; null where nothing follows
    steps.attempt as n_tries,  -- how often it was tried
    steps.duration_ms,  -- how long the last try took
    coalesce(steps.reason, failures.reason) as reason,  -- why it waits, was tried again or is dead
    told.subject,
    len(told.action_ids) as n_actions,  -- how many acts it tells
    told.action_ids
from steps
left join told on steps.notice_id = told.notice_id
left join failures on steps.notice_id = failures.notice_id
where steps.nth = 1
