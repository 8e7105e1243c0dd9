-- what:    One-minute bars of crypto trades, single trades and aggregates each for themselves.
-- grain:   one row per venue, pair, kind of trade, minute of traded_at and known_date; a trade
--          that is told again the same day counts once, on another day it counts again
-- status:  live
-- keep:    partials
-- needs:   0s

with trades as (
    select
        *,
        date_trunc('minute', traded_at) as bar_at,
        cast(timezone('UTC', known_at) as date) as known_date,
        cast(size as decimal(28, 8)) as exact_size,
        cast(notional as decimal(28, 8)) as exact_notional,
        struct_pack(open := price, close := price) as told,
        struct_pack(at := traded_at, n := trade_id) as place
    from curated.crypto_trades
),

standing as (
    select *
    from trades
    where coalesce(cast(timezone('UTC', withdrawn_at) as date) > known_date, true)
),

bars as (
    select
        venue, pair, is_aggregate, bar_at, known_date,
        max(known_at) as known_at,
        arg_min(told, place) as first_told,
        arg_max(told, place) as last_told,
        max(price) as high,
        min(price) as low,
        sum(exact_size) as volume,
        sum(case when side = 1 then exact_notional else 0 end) as buy_notional,
        sum(case when side = -1 then exact_notional else 0 end) as sell_notional,
        count(*) as n_trades
    from standing
    group by venue, pair, is_aggregate, bar_at, known_date
)

select
    bars.venue,
    bars.pair,
    bars.is_aggregate,
    bars.bar_at,  -- the minute's begin
    bars.known_date,  -- the UTC day on which these trades became known
    bars.known_at,
    bars.first_told.open,  -- quote currency, of the first trade
    bars.high,  -- quote currency
    bars.low,  -- quote currency
    bars.last_told.close,  -- quote currency, of the last trade
    cast(bars.volume as double) as volume,  -- base units
    cast(bars.buy_notional as double) as buy_notional,  -- quote currency, buyer-initiated
    cast(bars.sell_notional as double) as sell_notional,  -- quote currency, seller-initiated
    bars.n_trades  -- trades, or aggregates where is_aggregate
from bars
