-- what:     Sessions of which no open interest of a root is known, but of those around them.
-- grain:    one row per root, source and gap, told with the session after it
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    10 sessions

with params as (
    select 5 as max_sessions  -- a longer one is a hole that was chosen
),

days as (
    select
        interest.source,
        left(interest.contract, length(interest.contract) - 15) as root,
        interest.oi_date,
        sessions.sequence as place,
        min(interest.known_at) as known_at
    from raw.open_interest as interest
    inner join curated.us_sessions as sessions on interest.oi_date = sessions.session_date
    where
        not interest.is_gone
        and interest.calendar = 'XNYS'
        and length(interest.contract) > 15
    group by all
),

steps as (
    select
        *,
        place - lag(place) over in_order - 1 as n_missing,
        lag(oi_date) over in_order as after_date
    from days
    window in_order as (partition by source, root order by place)
)

select
    'open_interest' as dataset,
    steps.root as entity,
    steps.known_at,
    'no open interest of ' || steps.n_missing || ' sessions after ' || steps.after_date as reason,
    to_json(struct_pack(
        source := steps.source, after_date := steps.after_date,
        before_date := steps.oi_date, n_missing := steps.n_missing
    )) as evidence
from steps
cross join params
where steps.n_missing between 1 and params.max_sessions
