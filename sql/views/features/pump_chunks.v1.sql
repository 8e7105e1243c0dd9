-- what:    Crypto trades in chunks of 25 seconds, with the orders that were in a rush to buy.
-- grain:   one row per venue, pair and chunk of known_at with a trade; a rush order is two buys of
--          one millisecond at least, and where only aggregates are told it needs two prices
-- status:  live
-- keep:    partials, rolling 1h
-- needs:   0s

with params as (
    select
        25_000_000 as chunk_us,  -- rule book B11; 144 of them are an hour
        2 as min_fills  -- rule book B11
),

prints as (
    select
        prints.*,
        params.min_fills,
        date_trunc('hour', prints.known_at) + interval 25 seconds
        * (
            (epoch_us(prints.known_at) - epoch_us(date_trunc('hour', prints.known_at)))
            // params.chunk_us
        ) as chunk_at,
        epoch_us(prints.traded_at) // 1_000 as traded_ms,  -- cut, where epoch_ms would round
        cast(prints.price as decimal(38, 12)) as exact_price,
        struct_pack(
            at := prints.known_at, merged := prints.is_aggregate, n := prints.sequence,
            id := prints.trade_id
        ) as place
    from features.crypto_prints as prints
    cross join params
),

orders as (
    select
        venue, pair, known_date, chunk_at, side, traded_ms, min_fills,
        max(known_at) as known_at,
        count(*) as n_trades,
        sum(size) as volume,
        sum(notional) as notional,
        sum(exact_price) as sum_price,
        max(price) as high,
        max(place) as last_place,
        arg_max(price, place) as last_price
    from prints
    group by venue, pair, known_date, chunk_at, side, traded_ms, min_fills
)

select
    venue,
    pair,
    known_date,  -- the UTC day of the chunk
    chunk_at,  -- the chunk's begin
    max(known_at) as known_at,
    arg_max(last_price, last_place) as last_price,  -- quote currency, of the last trade
    sum(volume) as volume,  -- base units
    sum(notional) as notional,  -- quote currency
    cast(sum(n_trades) as bigint)
        as n_trades,  -- trades, or aggregates where only those are told
    cast(sum(case when side = 1 then n_trades else 0 end) as bigint)
        as n_buys,  -- buyer-initiated trades
    sum(case when side = 1 then volume else 0 end) as buy_volume,  -- base units
    cast(
        sum(case when side = 1 and n_trades >= min_fills then 1 else 0 end) as bigint
    ) as rush_orders,  -- orders with at least two fills in the same millisecond, buys alone
    sum(case when side = 1 then sum_price else 0 end)
        as sum_buy_price,  -- quote currency, the prices of all buys added up
    max(case when side = 1 then high end) as buy_high  -- quote currency, null without a buy
from orders
group by venue, pair, known_date, chunk_at
