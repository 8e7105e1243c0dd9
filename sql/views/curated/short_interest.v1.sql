-- what:    Short positions of stocks, with the moment each row was revised.
-- grain:   one row per settlement date, market class, symbol and version; withdrawn_at is null
--          while it stands
-- status:  live
-- needs:   0s

with named as (
    select
        *,
        struct_pack(day := session_date, symbol := source_symbol, listed := market_class) as place
    from raw.short_interest
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
    session_date,  -- the settlement date
    symbol,
    market_class,
    short_position,
    previous_position,
    mean_volume,
    days_to_cover,
    is_revised,
    is_split,
    known_at,
    replaced_at as withdrawn_at,  -- when a revision became known; null while it stands
    issuer,
    source_symbol
from versions
where not is_gone
