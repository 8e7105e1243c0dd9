-- what:    Earnings reports, as they were expected or had happened at each moment.
-- grain:   one row per report and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.events
    window in_order as (partition by event_id order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    event_id,
    entity,  -- the company's ticker
    starts_at as reports_at,  -- when it reports; of what lies ahead a forecast
    known_at,
    replaced_at as withdrawn_at  -- when another date became known
from versions
where label = 'earnings' and not is_gone
