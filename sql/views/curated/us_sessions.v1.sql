-- what:    Sessions of the New York Stock Exchange, each with the one before and its last word.
-- grain:   one row per session; the newest publication of the calendar stands
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by session_date order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.sessions
    where calendar = 'XNYS'
)

select
    session_date,
    sequence,
    opens_at, closes_at, is_half_session,
    lag(session_date) over in_order as previous_date,  -- the session before
    lead(closes_at, 10) over in_order as late_at  -- what comes later enters no baseline
from newest
where age = 1 and not is_gone
window in_order as (order by sequence)
