-- what:    Short-sale volume of off-exchange trades, with the moment each row was corrected.
-- grain:   one row per session, facility, symbol and version; withdrawn_at is null while it stands
-- status:  live
-- needs:   0s

with named as (
    select
        *,
        struct_pack(day := session_date, facility := facility, symbol := source_symbol) as place
    from raw.short_volume
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from named
    window in_order as (partition by place order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    session_date,
    symbol,
    facility,
    short_volume,
    short_exempt_volume,
    total_volume,
    known_at,
    replaced_at as withdrawn_at,  -- when a corrected file became known; null while it stands
    source_symbol
from versions
where not is_gone
