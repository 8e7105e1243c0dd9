-- what:    Which ticker a security had, and when, with the moment each row was corrected.
-- grain:   one row per security, first day and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.tickers
    window
        in_order as (partition by security_id, valid_from order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    security_id,  -- its first ticker and first day, whatever it is called today
    ticker,
    valid_from,
    valid_to,  -- first day on which it had another, or none
    exchange,
    known_at,
    replaced_at as withdrawn_at  -- when a correction, or its end, became known
from versions
where not is_gone
