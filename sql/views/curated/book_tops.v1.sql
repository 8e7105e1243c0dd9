-- what:    The top of order books in sync after each message, with the moment it was replaced.
-- grain:   one row per message and version; withdrawn_at is null while it stands
-- status:  live
-- needs:   0s

with named as (
    select
        *,
        struct_pack(venue := venue, pair := pair, epoch := epoch, id := update_id) as place
    from raw.book_tops
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
    best_bid,
    best_ask,
    bid_size,
    ask_size,
    bid_size_5,
    ask_size_5,
    bid_size_10bps,
    ask_size_10bps,
    epoch,
    update_id,
    replaced_at as withdrawn_at  -- when a corrected capture became known; null while it stands
from versions
where not is_gone
