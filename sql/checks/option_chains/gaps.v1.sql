-- what:     Sessions without a chain of an underlying whose source has chains around them.
-- grain:    one row per underlying, source and gap, told with the chain after it
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    10 sessions

with params as (
    select 5 as max_sessions  -- a longer one is a hole that was chosen
),

days as (
    select
        chains.source, chains.calendar, chains.underlying, chains.session_date,
        sessions.sequence as place,
        min(chains.known_at) as known_at
    from raw.option_chains as chains
    inner join curated.sessions as sessions
        on chains.calendar = sessions.calendar and chains.session_date = sessions.session_date
    where not chains.is_gone
    group by all
),

steps as (
    select
        *,
        place - lag(place) over in_order - 1 as n_missing,
        lag(session_date) over in_order as after_date
    from days
    window in_order as (partition by source, calendar, underlying order by place)
)

select
    'option_chains' as dataset,
    steps.underlying as entity,
    steps.known_at,
    'no chain in ' || steps.n_missing || ' sessions after ' || steps.after_date as reason,
    to_json(struct_pack(
        source := steps.source, after_date := steps.after_date,
        before_date := steps.session_date, n_missing := steps.n_missing
    )) as evidence
from steps
cross join params
where steps.n_missing between 1 and params.max_sessions
