-- what:    Every verdict on an alert, and which of them stands: the newest.
-- grain:   one row per verdict
-- status:  live

with told as (
    select
        *,
        row_number() over (
            partition by review_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.reviews
),

kept as (
    select * from told
    where age = 1 and not is_gone
)

select
    review_id,
    alert_key,
    detector,
    version,
    entity,
    happened_at,
    fired_at,
    verdict,
    reviewer,
    note,
    reviewed_at,
    known_at,
    row_number() over (
        partition by alert_key, reviewer order by reviewed_at desc, review_id desc
    ) = 1 as is_last_of_reviewer,  -- they have not said otherwise since
    row_number() over (
        partition by alert_key order by reviewed_at desc, review_id desc
    ) = 1 as is_standing  -- nobody has said anything since
from kept
