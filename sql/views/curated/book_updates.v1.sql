-- what:    Changes of levels or orders of order books in sync, with the moment each was replaced.
-- grain:   one row per changed level or order and version; withdrawn_at is null while it stands
-- status:  live
-- needs:   0s

with named as (
    select
        *,
        struct_pack(
            venue := venue, pair := pair, epoch := epoch, id := update_id,
            book_side := book_side, price := price, order_id := order_id
        ) as place
    from raw.book_updates
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from named
    window in_order as (partition by place order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    venue,
    pair,
    known_at,
    exchange_at,
    sequence,
    book_side,
    price,
    nullif(order_id, 0) as order_id,  -- null where the venue shows levels only
    size,
    prev_size,
    best_bid,
    best_ask,
    (best_bid + best_ask) / 2 as mid,  -- after the whole message; null while a side is empty
    bid_size_50bps,
    ask_size_50bps,
    bid_size_200bps,
    ask_size_200bps,
    bid_size_500bps,
    ask_size_500bps,
    bid_size_all,
    ask_size_all,
    epoch,
    update_id,
    is_snapshot,
    replaced_at as withdrawn_at  -- when a corrected capture became known; null while it stands
from versions
where not is_gone
