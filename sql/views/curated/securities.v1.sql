-- what:    Which ticker a CUSIP had, and when, with the moment each row was corrected.
-- grain:   one row per CUSIP, first day and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.securities
    window in_order as (partition by cusip, valid_from order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    cusip,
    ticker,
    issuer,
    valid_from,
    valid_to,
    known_at,
    replaced_at as withdrawn_at  -- when a correction became known; null while it stands
from versions
where not is_gone
