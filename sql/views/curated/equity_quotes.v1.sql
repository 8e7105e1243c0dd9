-- what:    The national best bid and offer of a stock since a moment, as it was first told.
-- grain:   one row per symbol and moment; what was told later than it stood is left out, and of
--          several of one moment the last stands
-- status:  live
-- needs:   0s

with latest as (
    select
        symbol,
        quoted_at,
        arg_max(
            struct_pack(
                known_at := known_at, session_date := session_date, bid := bid, ask := ask,
                bid_size := bid_size, ask_size := ask_size, bid_venue := bid_venue,
                ask_venue := ask_venue, source := source
            ),
            struct_pack(place := place, recorded_at := recorded_at, load_id := load_id)
        ) as told
    from raw.equity_quotes
    -- A correction comes later than it stood; it must not change what was made of the first one.
    where known_at <= quoted_at and not is_gone
    group by symbol, quoted_at
)

select
    latest.symbol,
    latest.quoted_at,  -- since when it stands
    latest.told.known_at,
    latest.told.session_date,
    latest.told.bid,  -- USD; null where nobody bids
    latest.told.ask,  -- USD; null where nobody offers
    latest.told.bid_size,  -- shares
    latest.told.ask_size,  -- shares
    latest.told.bid_venue,  -- by the source's own code
    latest.told.ask_venue,  -- by the source's own code
    latest.told.source
from latest
