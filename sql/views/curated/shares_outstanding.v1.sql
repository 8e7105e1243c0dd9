-- what:    How many shares of a stock were out, with the moment each count was corrected.
-- grain:   one row per symbol, day of count and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.shares_outstanding
    window in_order as (partition by symbol, as_of_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    symbol,
    as_of_date,
    shares,
    known_at,
    replaced_at as withdrawn_at  -- when a correction became known; null while it stands
from versions
where not is_gone
