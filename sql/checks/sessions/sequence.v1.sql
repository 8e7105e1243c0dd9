-- what:     Sessions that are not counted one by one, overlap, or lie a week apart.
-- grain:    one row per calendar and session
-- status:   live
-- every:    1d
-- severity: critical
-- needs:    0s

with params as (
    select 12 as max_days  -- the longest closure since 1990 took seven
),

stood as (
    select *
    from raw.sessions
    window
        same_row as (
            partition by calendar, session_date order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_row is null
),

steps as (
    select
        *,
        lag(sequence) over in_order as before_sequence,
        lag(session_date) over in_order as before_date,
        lag(closes_at) over in_order as before_at
    from stood
    where not is_gone
    window in_order as (partition by calendar order by session_date)
)

select
    'sessions' as dataset,
    steps.calendar as entity,
    steps.known_at,
    case
        when steps.sequence <> steps.before_sequence + 1
            then
                steps.session_date || ' is number ' || steps.sequence || ' after '
                || steps.before_sequence
        when steps.opens_at < steps.before_at
            then steps.session_date || ' opens before ' || steps.before_date || ' is closed'
        else 'no session from ' || steps.before_date || ' to ' || steps.session_date
    end as reason,
    to_json(struct_pack(
        session_date := steps.session_date, sequence := steps.sequence,
        before_date := steps.before_date, before_sequence := steps.before_sequence
    )) as evidence
from steps
cross join params
where
    steps.sequence <> steps.before_sequence + 1
    or steps.opens_at < steps.before_at
    or steps.session_date - steps.before_date > params.max_days
