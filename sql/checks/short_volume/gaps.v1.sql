-- what:     Sessions of which a facility's file is missing, though those around them are there.
-- grain:    one row per facility and gap, told with the file after it
-- status:   live
-- every:    1d
-- severity: high
-- needs:    10 sessions

with params as (
    select 5 as max_sessions  -- a longer one is a hole that was chosen
),

days as (
    select
        volumes.facility, volumes.session_date, sessions.sequence as place,
        min(volumes.known_at) as known_at
    from raw.short_volume as volumes
    inner join curated.us_sessions as sessions on volumes.session_date = sessions.session_date
    where not volumes.is_gone
    group by all
),

steps as (
    select
        *,
        place - lag(place) over in_order - 1 as n_missing,
        lag(session_date) over in_order as after_date
    from days
    window in_order as (partition by facility order by place)
)

select
    'short_volume' as dataset,
    steps.facility as entity,
    steps.known_at,
    'no file of ' || steps.n_missing || ' sessions after ' || steps.after_date as reason,
    to_json(struct_pack(
        after_date := steps.after_date, before_date := steps.session_date,
        n_missing := steps.n_missing
    )) as evidence
from steps
cross join params
where steps.n_missing between 1 and params.max_sessions
