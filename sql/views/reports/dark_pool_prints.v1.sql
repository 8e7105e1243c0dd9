-- what:    Prints off exchange that are blocks by law, with side, premium and confidence.
-- grain:   one row per print of 10,000 shares or 200,000 USD, as it stands at the span's end; the
--          tape does not say whether a dark pool, a wholesaler or another dealer filled it
-- status:  live
-- needs:   0s
-- route:   dark_pool_prints

with params as (
    select
        10_000 as min_size,  -- a block by Regulation NMS; rule book C6
        200_000 as min_value_usd  -- or this; rule book C6
)

select
    trades.symbol,
    trades.traded_at,
    trades.known_at,
    trades.session_date,
    trades.facility,  -- who was told of it: FINN, FINC, FINY or XADF
    cast(trades.price as double) as price,  -- USD a share
    cast(trades.size as double) as size,  -- shares
    cast(trades.value_usd as double) as value_usd,  -- price and size
    cast(trades.bid as double) as bid,  -- USD, before the print
    cast(trades.ask as double) as ask,  -- USD, before the print
    trades.price_bucket,  -- where it lies between bid and ask
    trades.prem_bps,  -- over the middle of bid and ask
    trades.quote_age_s,  -- seconds since the quote last changed
    trades.quote_age_s > 1 as is_quote_stale,  -- its premium is beside an old quote
    trades.side,  -- 1 buyer-initiated, -1 seller-initiated; null at the middle and in doubt
    cast(trades.side_prob as double) as side_prob,  -- that the side is right, 0.5 to 1
    trades.is_midpoint,  -- exactly between bid and ask
    trades.retail_side,  -- what fractions of a cent say of a wholesaler's customer
    trades.trade_class,  -- of the strictest code
    trades.conditions,  -- the source's codes
    trades.is_price_informative,  -- its price was made then and there
    trades.is_late,  -- a code says so, or it was published over 10 s after it was executed
    trades.report_delay_s,  -- seconds from execution to publication
    trades.venue || ':' || trades.trade_id as print_id  -- venue:trade_id
from curated.equity_trades as trades
cross join params
where
    trades.is_offex
    and trades.counts_volume
    and trades.withdrawn_at is null
    and (trades.size >= params.min_size or trades.value_usd >= params.min_value_usd)
order by trades.known_at desc, trades.symbol asc, print_id asc
