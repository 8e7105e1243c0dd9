-- what:    Option contracts that a source describes, with the moment each line was replaced.
-- grain:   one row per contract and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.contracts
    window in_order as (partition by contract order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    contract,
    underlying,
    expiration,
    expires_at,
    strike,
    put_call,
    multiplier,
    currency,
    exercise_style,
    settlement,
    is_adjusted,
    known_at,
    replaced_at as withdrawn_at  -- when a correction became known; null while it stands
from versions
where not is_gone
