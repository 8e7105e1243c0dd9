-- what:    Sessions of every calendar, each with the one before and its last word.
-- grain:   one row per calendar and session; the newest publication of the calendar stands
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by calendar, session_date
            order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.sessions
),

standing as (
    select
        *,
        lag(session_date) over in_order as previous_date,
        row_number() over in_order as place
    from newest
    where age = 1 and not is_gone
    window in_order as (partition by calendar order by sequence)
)

select
    sessions.calendar,
    sessions.session_date,
    sessions.sequence,
    sessions.opens_at,
    sessions.closes_at,
    sessions.is_half_session,
    sessions.previous_date,  -- the session before
    tenth.closes_at as late_at  -- what comes later enters no baseline
from standing as sessions
left join standing as tenth
    on sessions.calendar = tenth.calendar and sessions.place + 10 = tenth.place
