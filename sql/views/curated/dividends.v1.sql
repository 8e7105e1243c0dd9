-- what:    Cash dividends of stocks, each with the moment it was corrected or taken back.
-- grain:   one row per symbol, ex-date and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.corporate_actions
    where action = 'dividend'
    window in_order as (partition by symbol, ex_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    symbol,
    ex_date,  -- first session that trades without it
    amount_usd,  -- USD a share
    known_at,
    replaced_at as withdrawn_at  -- when it was corrected or taken back
from versions
where not is_gone
