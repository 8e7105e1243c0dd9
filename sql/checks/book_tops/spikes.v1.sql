-- what:     Tops of books with a spread that no market has, or far from the ones before and after.
-- grain:    one row per message, told with the one after it
-- status:   live
-- every:    1h
-- severity: high
-- needs:    5m

with params as (
    select
        1.5 as max_spread,  -- of offer over bid; an option far away has a fifth
        1.05 as min_factor  -- from one message to the next and back
),

mids as (
    select
        *,
        (best_bid + best_ask) / 2 as mid
    from raw.book_tops
    where not is_gone
),

around as (
    select
        *,
        lag(mid) over in_order as before_mid,
        lead(mid) over in_order as after_mid,
        lead(known_at) over in_order as after_at
    from mids
    window in_order as (
        partition by source, venue, pair, epoch order by known_at, sequence, update_id
    )
)

select
    'book_tops' as dataset,
    around.venue || ':' || around.pair as entity,
    coalesce(around.after_at, around.known_at) as known_at,
    case
        when around.best_ask > params.max_spread * around.best_bid
            then 'a spread from ' || around.best_bid || ' to ' || around.best_ask
        else
            'a mid of ' || around.mid || ' between ' || around.before_mid || ' and '
            || around.after_mid
    end as reason,
    to_json(struct_pack(
        source := around.source, epoch := around.epoch, update_id := around.update_id,
        best_bid := around.best_bid, best_ask := around.best_ask,
        before_mid := around.before_mid, after_mid := around.after_mid
    )) as evidence
from around
cross join params
where
    around.best_ask > params.max_spread * around.best_bid
    or (
        greatest(around.before_mid, around.after_mid)
        < params.min_factor * least(around.before_mid, around.after_mid)
        and around.before_mid is not null
        and around.after_mid is not null
        and (
            around.mid > params.min_factor * greatest(around.before_mid, around.after_mid)
            or around.mid * params.min_factor < least(around.before_mid, around.after_mid)
        )
    )
