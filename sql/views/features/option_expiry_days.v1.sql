-- what:    Sessions on which the options of the month expire.
-- grain:   one row per month: its third Friday, or the session before where that is closed
-- status:  live

with months as (
    select cast(date_trunc('month', session_date) as date) as first_date
    from curated.us_sessions
    group by cast(date_trunc('month', session_date) as date)
),

fridays as (
    select
        first_date,
        -- 1970-01-02 was a Friday.
        first_date + 14 + cast((7 - (first_date - date '1970-01-02') % 7) % 7 as integer)
            as third_friday
    from months
)

select max(sessions.session_date) as session_date  -- the day on which they expire
from fridays
inner join curated.us_sessions as sessions
    on
        fridays.third_friday >= sessions.session_date
        and fridays.third_friday - 4 <= sessions.session_date
group by fridays.first_date
