-- what:    Order books at the end of each second in which a message came.
-- grain:   one row per venue, pair and second of known_at; what a corrected capture tells over a
--          minute late is no state of a live book
-- status:  live
-- keep:    partials, rolling 1s
-- needs:   0s

with params as (
    select
        interval 1 minute as max_delay  -- a message is on its way for seconds at most; a guess
),

tops as (
    select
        tops.*,
        date_trunc('second', tops.known_at) as bar_at,
        (tops.best_bid + tops.best_ask) / 2 as mid,
        struct_pack(
            at := tops.known_at, n := tops.sequence, epoch := tops.epoch, id := tops.update_id
        ) as place
    from curated.book_tops as tops
    cross join params
    where coalesce(tops.known_at <= tops.exchange_at + params.max_delay, true)
),

states as (
    select
        *,
        struct_pack(
            best_bid := best_bid, best_ask := best_ask, mid := mid,
            microprice := (best_ask * bid_size + best_bid * ask_size)
            / nullif(bid_size + ask_size, 0),
            obi := (bid_size_5 - ask_size_5) / nullif(bid_size_5 + ask_size_5, 0),
            obi_10bps := (bid_size_10bps - ask_size_10bps)
            / nullif(bid_size_10bps + ask_size_10bps, 0),
            epoch := epoch
        ) as state
    from tops
),

bars as (
    select
        venue, pair, bar_at,
        cast(timezone('UTC', bar_at) as date) as known_date,
        max(known_at) as known_at,
        arg_max(state, place) as last_state,
        count(*) as n_updates
    from states
    group by venue, pair, bar_at
)

select
    bars.venue,
    bars.pair,
    bars.bar_at,  -- the second's begin
    bars.known_date,  -- the UTC day of the second
    bars.known_at,
    bars.last_state.best_bid,
    bars.last_state.best_ask,
    bars.last_state.mid,  -- quote currency, halfway between the best prices
    round(
        10_000 * (bars.last_state.best_ask - bars.last_state.best_bid) / bars.last_state.mid, 9
    ) as spread_bps,  -- hundredths of a percent of the mid
    round(bars.last_state.microprice, 9)
        as microprice,  -- quote currency, the mid drawn to the side with less behind it
    round(bars.last_state.obi, 9)
        as obi,  -- (bids - asks) / (bids + asks) of the best five levels, -1 to 1
    round(bars.last_state.obi_10bps, 9)
        as obi_10bps,  -- the same of all within 10 bps of the mid; null where that is not known
    bars.n_updates,  -- messages that changed the book in this second
    bars.last_state.epoch
from bars
