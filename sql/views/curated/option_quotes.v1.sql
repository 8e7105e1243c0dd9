-- what:    The best bid and offer of an option at a moment, as it was first told.
-- grain:   one row per contract and moment; what was told later than it stood is left out, and of
--          several of one moment the last stands
-- status:  live
-- needs:   0s

with latest as (
    select
        contract,
        stood_at,
        arg_max(
            struct_pack(
                quoted_at := quoted_at, known_at := known_at, session_date := session_date,
                currency := currency, bid := bid, ask := ask, bid_size := bid_size,
                ask_size := ask_size, bid_venue := bid_venue, ask_venue := ask_venue
            ),
            struct_pack(place := place, recorded_at := recorded_at, load_id := load_id)
        ) as told
    from raw.option_quotes
    -- A correction comes later than it stood; it must not change what was made of the first one.
    where known_at <= stood_at and not is_gone
    group by contract, stood_at
)

select
    latest.contract,
    latest.stood_at,
    latest.told.known_at,
    latest.told.quoted_at,
    latest.told.session_date,
    latest.told.currency,
    latest.told.bid,
    latest.told.ask,
    latest.told.bid_size,
    latest.told.ask_size,
    latest.told.bid_venue,
    latest.told.ask_venue
from latest
