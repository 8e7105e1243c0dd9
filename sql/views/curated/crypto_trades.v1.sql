-- what:    Trades of crypto venues in quote currency, with the moment each was replaced.
-- grain:   one row per trade or aggregate and version; withdrawn_at is null while it stands
-- status:  live
-- needs:   0s

with named as (
    select
        *,
        struct_pack(venue := venue, pair := pair, merged := is_aggregate, id := trade_id) as place
    from raw.crypto_trades
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
    venue,
    pair,
    traded_at,
    known_at,
    sequence,
    trade_id,
    is_aggregate,
    side,
    price,
    size,
    round(price * size, 8) as notional,  -- quote currency
    replaced_at as withdrawn_at  -- when another source told the same trade; null while it stands
from versions
where not is_gone
