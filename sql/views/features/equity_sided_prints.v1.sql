-- rule:    C6
-- what:    Prints of stocks of at least a million dollars and who began them, auctions left out.
-- grain:   one row per print and known_date; one that was withdrawn on the UTC day it was told is
--          left out, and one withdrawn later is in
-- status:  live
-- keep:    partials
-- needs:   0s

with params as (
    select
        1_000_000 as min_value_usd  -- rule book C6, a large print
)

select
    trades.session_date,
    trades.symbol,
    cast(timezone('UTC', trades.known_at) as date) as known_date,  -- the UTC day of known_at
    trades.known_at,
    trades.venue || ':' || trades.trade_id as print_id,  -- venue:trade_id
    trades.side,  -- 1 buyer-initiated, -1 seller-initiated; null where nobody can say
    trades.size,  -- shares
    trades.value_usd  -- price and size
from curated.equity_trades as trades
cross join params
where
    trades.value_usd >= params.min_value_usd
    and trades.counts_volume
    and not trades.is_auction
    and coalesce(
        cast(timezone('UTC', trades.withdrawn_at) as date)
        > cast(timezone('UTC', trades.known_at) as date), true
    )
