-- what:    What a stock's prints of at least a million dollars were worth, auctions left out.
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
    prints.session_date,
    prints.symbol,
    cast(timezone('UTC', prints.known_at) as date) as known_date,  -- the UTC day of known_at
    prints.known_at,
    prints.venue || ':' || prints.trade_id as print_id,  -- venue:trade_id
    prints.size,  -- shares
    prints.value_usd  -- price and size
from curated.equity_prints as prints
cross join params
where
    prints.value_usd >= params.min_value_usd
    and prints.counts_volume
    and not prints.is_auction
    and coalesce(
        cast(timezone('UTC', prints.withdrawn_at) as date)
        > cast(timezone('UTC', prints.known_at) as date), true
    )
