-- what:    What was added to order books: new orders, and orders or levels that grew.
-- grain:   one row per order or level that grew, where both sides of the book had a price; on books
--          of levels it is what came to a level between two messages, not an order
-- status:  live
-- needs:   0s

with params as (
    select
        interval 1 minute as max_delay,  -- as in features.book_messages
        1e-9 as smallest,  -- base units; sizes have eight decimals
        20 as bins_a_unit  -- of ln size: what shares a bin differs by 5 %
),

grown as (
    select
        updates.*,
        params.smallest, params.bins_a_unit,
        cast(updates.size as decimal(28, 8)) - cast(updates.prev_size as decimal(28, 8))
            as add_size,
        round(
            10_000 * updates.book_side * (updates.mid - updates.price) / updates.mid, 6
        ) as dist_bps,
        cast(
            floor(
                round(
                    params.bins_a_unit
                    * ln((updates.size - updates.prev_size) / params.smallest), 6
                )
            ) as bigint
        ) as bin
    from curated.book_updates as updates
    cross join params
    where
        not updates.is_snapshot
        and updates.size > updates.prev_size
        and updates.mid is not null
        and coalesce(updates.known_at <= updates.exchange_at + params.max_delay, true)
)

select
    venue,
    pair,
    known_at,
    exchange_at,
    date_trunc('minute', known_at) as minute_at,  -- the begin of its minute of known_at
    date_trunc('hour', known_at) as hour_at,  -- the begin of its hour
    book_side,
    case
        when dist_bps < 10 then 0
        when dist_bps < 50 then 10
        when dist_bps < 200 then 50
        else 200
    end as band_bps,  -- its band begins so far from the mid: 0, 10, 50, 200
    price,
    order_id,  -- null where the venue shows levels only
    add_size,  -- base units that came
    size,  -- base units of the order or the level now
    bin,  -- twentieths of ln add_size above a billionth
    exp(cast(bin as double) / bins_a_unit) * smallest as bin_size,  -- base units, where it begins
    dist_bps,  -- from the mid outwards; below 0 inside the spread
    mid,  -- quote currency, after the whole message
    best_bid,
    best_ask,
    bid_size_50bps,
    ask_size_50bps,
    bid_size_500bps,
    ask_size_500bps,
    bid_size_all,
    ask_size_all,
    epoch,
    update_id,
    sequence
from grown
where add_size > 0
