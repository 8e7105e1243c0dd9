-- what:    Stretches in which a feed's messages are missing, as far as the last word on each goes.
-- grain:   one row per gap; ended_at is null while it lasts
-- status:  live
-- needs:   0s

with named as (
    select
        *,
        struct_pack(venue := venue, pair := pair, channel := channel, began := began_at) as place
    from raw.feed_gaps
),

newest as (
    select *
    from named
    window in_order as (partition by place order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is null
)

select
    venue,
    pair,
    channel,
    began_at,
    ended_at,
    reason,
    expected_id,
    found_id,
    n_dropped,
    known_at,
    source
from newest
where not is_gone
