-- what:     Changes of book levels that do not begin where the change before them ended.
-- grain:    one row per changed level or order
-- status:   live
-- every:    1h
-- severity: high
-- needs:    5m

with params as (
    select 1e-9 as max_gap  -- of doubles
),

steps as (
    select
        *,
        lag(size) over in_order as before_size
    from raw.book_updates
    where not is_gone
    window in_order as (
        partition by source, venue, pair, epoch, book_side, price, order_id
        order by known_at, update_id, sequence
    )
)

select
    'book_updates' as dataset,
    steps.venue || ':' || steps.pair as entity,
    steps.known_at,
    case
        when steps.book_side = 1 then 'a bid of ' else 'an ask of '
    end || steps.price || ' was ' || steps.before_size || ' and is said to have been '
    || steps.prev_size as reason,
    to_json(struct_pack(
        source := steps.source, epoch := steps.epoch, update_id := steps.update_id,
        order_id := steps.order_id, price := steps.price, before_size := steps.before_size,
        prev_size := steps.prev_size, size := steps.size
    )) as evidence
from steps
cross join params
where abs(steps.prev_size - steps.before_size) > params.max_gap * greatest(1, steps.before_size)
