-- what:    Everything that happened to a notice, in the order in which the store heard of it.
-- grain:   one row per step of one notice
-- status:  live

with named as (
    select
        *,
        struct_pack(notice := notice_id, attempt := attempt, outcome := outcome) as place
    from raw.deliveries
),

newest as (
    select *
    from named
    window same_step as (partition by place order by known_at, recorded_at, load_id)
    qualify lead(known_at) over same_step is null
)

select
    notice_id, channel, rule,
    tried_at, known_at, recorded_at,
    attempt, outcome,
    due_at, duration_ms,
    subject, reason, follows, action_ids
from newest
where not is_gone
