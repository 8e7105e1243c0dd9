-- what:    The open interest that a session's trades are held against: that of the session before.
-- grain:   one row per contract, session and version; none where a split gave it another symbol
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
    session_date,  -- the session of the trades, on whose morning it is published
    open_interest,  -- contracts
    oi_date,  -- the session before, whose close it describes
    known_at,
    replaced_at as withdrawn_at  -- when a correction became known
from versions
where not is_gone
