-- what:    Open interest of option contracts, with the moment each figure was replaced.
-- grain:   one row per contract, session and version; withdrawn_at is null while it stands
-- status:  live
-- needs:   0s

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.open_interest
    window in_order as (partition by contract, oi_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    contract,
    oi_date,
    open_interest,
    known_at,
    replaced_at as withdrawn_at  -- when a correction became known; null while it stands
from versions
where not is_gone
