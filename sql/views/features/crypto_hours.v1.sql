-- what:    Hours of crypto trades, each trade once, in the hour in which it became known.
-- grain:   one row per venue, pair and hour with a trade
-- status:  live
-- keep:    partials, rolling 1h
-- needs:   0s

with prints as (
    select
        *,
        date_trunc('hour', known_at) as hour_at,
        struct_pack(at := known_at, merged := is_aggregate, n := sequence, id := trade_id) as place
    from features.crypto_prints
)

select
    venue,
    pair,
    known_date,  -- the UTC day of the hour
    hour_at,  -- the hour's begin
    max(known_at) as known_at,
    sum(size) as volume,  -- base units
    sum(notional) as notional,  -- quote currency
    arg_max(price, place) as last_price,  -- quote currency, of the last trade
    count(*) as n_trades,  -- trades, or aggregates where only those are told
    min(known_at) as first_known_at  -- when the first of them became known
from prints
group by venue, pair, known_date, hour_at
