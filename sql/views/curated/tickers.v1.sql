-- what:    Which ticker a security had, and when, as the newest publication tells it.
-- grain:   one row per security and first day, and another one from when its end was known;
--          withdrawn_at is null while it stands
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by security_id, valid_from
            order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.tickers
),

spells as (
    select
        *,
        lead(valid_from) over in_order as valid_to,
        greatest(known_at, lead(known_at) over in_order) as ended_at
    from newest
    where age = 1 and not is_gone
    window in_order as (partition by security_id order by valid_from)
),

told as (
    select
        * replace (null as valid_to),
        known_at as told_at,
        case when valid_to is not null then ended_at end as withdrawn_at
    from spells
    union all
    select
        *,
        ended_at as told_at,
        null as withdrawn_at
    from spells
    where valid_to is not null
)

select
    security_id,  -- its first ticker and first day, whatever it is called today
    ticker,
    valid_from,
    valid_to,  -- first day on which it had another, or none
    exchange,
    told_at as known_at,
    withdrawn_at  -- when its end became known
from told
where ticker is not null and coalesce(told_at < withdrawn_at, true)
