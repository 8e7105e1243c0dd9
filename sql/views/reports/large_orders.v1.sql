-- what:    Walls and whale orders of books, as the loop told them, and what became of each.
-- grain:   one row per wall or whale of alerts that fired in the span: of a level, or of an order
--          where the venue shows them; a whale is gone when less than half of what stood there is
--          left. What a book begun anew, or an hour, hides is unknown
-- status:  live
-- needs:   0s

with params as (
    select
        0.5 as left_frac,  -- as in features.wall_changes
        0.5 as min_eaten_frac,  -- as in features.walls
        3_600 as max_life_s,  -- as in features.walls: what lasts longer is not told when it goes
        100_000_000 as ticks  -- prices are compared as whole numbers of 1e-8
),

alerted as (
    select
        alerts.alert_key, alerts.detector, alerts.fired_at, alerts.notional_usd, alerts.score,
        split_part(alerts.entity, ':', 1) as venue,
        split_part(alerts.entity, ':', 2) as pair,
        alerts.evidence ->> '$.epoch' as epoch,
        alerts.evidence ->> '$.wall_state' as wall_state,
        cast(alerts.evidence ->> '$.book_side' as bigint) as book_side,
        cast(alerts.evidence ->> '$.price' as double) as price,
        try_cast(alerts.evidence ->> '$.order_id' as bigint) as order_id,
        cast(alerts.evidence ->> '$.size' as double) as size,
        cast(alerts.evidence ->> '$.dist_bps' as double) as dist_bps,
        try_cast(alerts.evidence ->> '$.exec_size' as double) as exec_size,
        try_cast(alerts.evidence ->> '$.cancel_size' as double) as cancel_size,
        try_cast(alerts.evidence ->> '$.moved_price' as double) as moved_price,
        make_timestamptz(try_cast(alerts.evidence ->> '$.began_us' as bigint)) as wall_began_at,
        make_timestamptz(try_cast(alerts.evidence ->> '$.ended_us' as bigint)) as wall_ended_at
    from curated.alerts as alerts
    inner join ops.clock as clock
        on alerts.fired_at >= clock.since and alerts.fired_at < clock.until
    where
        alerts.detector in ('crypto.wall', 'crypto.whale')
        and alerts.withdrawn_at is null
),

events as (
    select
        events.venue, events.pair, events.epoch, events.book_side, events.received_at,
        events.known_at, events.size, events.exec_size, events.cancel_size,
        cast(round(events.price * params.ticks) as bigint) as tick,
        coalesce(events.order_id, 0) as order_key,
        struct_pack(at := events.received_at, id := events.update_id, n := events.sequence)
            as place
    from features.book_events as events
    cross join params
),

heard as (
    select
        venue, pair,
        max(received_at) as last_at,
        arg_max(epoch, place) as last_epoch
    from events
    group by venue, pair
),

-- What happened to a whale's level or order after it came.
after as (
    select
        alerted.alert_key,
        events.received_at, events.known_at, events.exec_size, events.cancel_size, events.place,
        case when events.size < params.left_frac * alerted.size then 1 else 0 end as is_gone
    from alerted
    cross join params
    inner join events
        on
            alerted.venue = events.venue
            and alerted.pair = events.pair
            and alerted.epoch = events.epoch
            and alerted.book_side = events.book_side
            and cast(round(alerted.price * params.ticks) as bigint) = events.tick
            and coalesce(alerted.order_id, 0) = events.order_key
            and alerted.fired_at < events.received_at
    where alerted.detector = 'crypto.whale'
),

lived as (
    select *
    from after
    window
        before_it as (
            partition by alert_key order by place rows between unbounded preceding and 1 preceding
        )
    qualify coalesce(max(is_gone) over before_it, 0) = 0
),

fates as (
    select
        alert_key,
        max(case when is_gone = 1 then received_at end) as ended_at,
        max(known_at) as known_at,
        cast(sum(cast(coalesce(exec_size, 0) as decimal(28, 8))) as double) as exec_size,
        cast(sum(cast(coalesce(cancel_size, 0) as decimal(28, 8))) as double) as cancel_size
    from lived
    group by alert_key
),

-- A wall has an alert when it stands and one when it is gone: the later one knows all.
walls as (
    select *
    from alerted
    where detector = 'crypto.wall'
    qualify row_number() over (
        partition by venue, pair, book_side, price, order_id, wall_began_at
        order by
            case when wall_state = 'appeared' then 1 else 0 end asc, fired_at desc, alert_key asc
    ) = 1
),

orders as (
    select
        'wall' as order_kind,
        alert_key, venue, pair, epoch, book_side, price, order_id, size, dist_bps, notional_usd,
        score, fired_at, moved_price, exec_size, cancel_size,
        wall_began_at as began_at,
        case when wall_state <> 'appeared' then wall_ended_at end as ended_at,
        fired_at as known_at,
        nullif(wall_state, 'appeared') as end_state
    from walls
    union all
    select
        'whale' as order_kind,
        alerted.alert_key, alerted.venue, alerted.pair, alerted.epoch, alerted.book_side,
        alerted.price, alerted.order_id, alerted.size, alerted.dist_bps, alerted.notional_usd,
        alerted.score, alerted.fired_at,
        cast(null as double) as moved_price,
        fates.exec_size, fates.cancel_size,
        alerted.fired_at as began_at,
        fates.ended_at,
        greatest(alerted.fired_at, coalesce(fates.known_at, alerted.fired_at)) as known_at,
        case
            when fates.ended_at is null then null
            when
                fates.exec_size
                >= params.min_eaten_frac * (fates.exec_size + fates.cancel_size)
                then 'eaten'
            else 'pulled'
        end as end_state
    from alerted
    cross join params
    left join fates on alerted.alert_key = fates.alert_key
    where alerted.detector = 'crypto.whale'
)

select
    orders.order_kind,  -- wall or whale
    orders.venue,
    orders.pair,
    orders.book_side,  -- 1 bid, -1 ask
    orders.price,  -- quote currency
    orders.order_id,  -- null where the venue shows levels only
    orders.size,  -- base units of the level or the order when it was told
    orders.notional_usd,  -- of the wall, or of what came with the whale
    orders.dist_bps,  -- from the mid then, positive away from it
    orders.began_at,  -- when it became a wall, or the whale came
    orders.ended_at,  -- when less than half was left; null while it stands, and where unknown
    round((epoch_us(orders.ended_at) - epoch_us(orders.began_at)) / 1e6, 3)
        as life_s,  -- seconds; null without an end
    case
        when orders.end_state is not null then orders.end_state
        when orders.epoch <> heard.last_epoch then 'unknown'
        when epoch_us(heard.last_at) - epoch_us(orders.began_at) > 1e6 * params.max_life_s
            then 'unknown'
        else 'stands'
    end as order_state,  -- stands, eaten, pulled, moved, faded (the book grew around it), unknown
    round(orders.exec_size / nullif(orders.exec_size + orders.cancel_size, 0), 9)
        as eaten_frac,  -- traded, of what was traded or cancelled of it so far, 0 to 1
    orders.exec_size,  -- base units that trades explain
    orders.cancel_size,  -- base units that went without a trade
    orders.moved_price,  -- where a wall was put up again; null where it was not
    orders.score,  -- of its newest alert
    greatest(
        orders.began_at,
        coalesce(
            orders.ended_at,
            case when orders.epoch = heard.last_epoch then heard.last_at end,
            orders.began_at
        )
    ) as seen_until,  -- its end, or when its book was last heard
    orders.known_at,
    orders.alert_key
from orders
cross join params
left join heard on orders.venue = heard.venue and orders.pair = heard.pair
order by orders.began_at desc, orders.alert_key asc
