-- what:    Orders that come to a price within 500 ms after half of one of that size, or more, was
--          traded there, and orders and levels that grow back to it.
-- grain:   one row per change that brings a price back, known with its event
-- status:  live
-- keep:    rolling
-- needs:   61s

with params as (
    select
        interval 500 milliseconds as max_delay,  -- rule book B8
        0.1 as max_off_frac,  -- of the size before, rule book B8
        0.5 as min_traded_frac,  -- of it; else what a crumb was taken from comes back; a guess
        100_000_000 as ticks  -- prices are compared as whole numbers of 1e-8
),

events as (
    select
        events.*,
        params.max_delay, params.max_off_frac, params.min_traded_frac,
        coalesce(events.order_id, 0) as order_key,
        cast(round(events.price * params.ticks) as bigint) as tick,
        case when events.exec_size is null then 1 else 0 end as n_come,
        coalesce(events.exec_size > 0, false) as is_fill
    from features.book_events as events
    cross join params
),

-- Where nothing was traded nothing comes back.
traded as (
    select
        venue, pair, epoch, book_side, tick
    from events
    where is_fill
    group by venue, pair, epoch, book_side, tick
),

sized as (
    select
        events.*,
        max(greatest(events.size, events.prev_size)) over a_minute as shown_size
    from events
    inner join traded
        on
            events.venue = traded.venue
            and events.pair = traded.pair
            and events.epoch = traded.epoch
            and events.book_side = traded.book_side
            and events.tick = traded.tick
    window
        a_minute as (
            partition by
                events.venue, events.pair, events.epoch, events.book_side, events.tick,
                events.order_key
            order by events.received_at
            range between interval 1 minute preceding and current row
        )
),

steps as (
    select
        *,
        max(
            case
                when is_fill
                    then
                        struct_pack(
                            at := received_at, id := update_id, n := sequence,
                            order_key := order_key, shown_size := shown_size
                        )
            end
        ) over before_it as last_fill,
        coalesce(sum(n_come) over before_it, 0) as n_come_before
    from sized
    window
        before_it as (
            partition by venue, pair, epoch, book_side, tick
            order by received_at, update_id, sequence
            rows between unbounded preceding and 1 preceding
        )
),

-- What was traded since something last came to the price, in the minute before.
paid as (
    select
        *,
        sum(cast(coalesce(exec_size, 0) as decimal(28, 8))) over since_then as sum_exec
    from steps
    window
        since_then as (
            partition by venue, pair, epoch, book_side, tick, n_come_before order by received_at
            range between interval 1 minute preceding and current row
        )
)

select
    paid.venue,
    paid.pair,
    paid.received_at,  -- when the message came that brought it
    paid.known_at,
    paid.book_side,  -- 1 bid, -1 ask
    paid.price,  -- quote currency
    paid.order_id,  -- null where the venue shows levels only
    nullif(paid.last_fill.order_key, 0)
        as filled_order_id,  -- the order that was traded before it
    paid.size,  -- base units that stand there now, of this order or this level
    paid.last_fill.shown_size,  -- base units, the most that stood there in the minute before the
    -- trade, of the order that was traded or of the level
    (epoch_us(paid.received_at) - epoch_us(paid.last_fill.at)) / 1_000.0
        as delay_ms,  -- since that trade
    cast(paid.sum_exec as double)
        as exec_size,  -- base units traded since something last came to that price
    paid.epoch,
    paid.update_id,
    paid.sequence
from paid
where
    paid.n_come = 1
    and paid.received_at - paid.last_fill.at <= paid.max_delay
    and abs(paid.size - paid.last_fill.shown_size)
    <= round(paid.max_off_frac * paid.last_fill.shown_size, 9)
    and cast(paid.sum_exec as double)
    >= round(paid.min_traded_frac * paid.last_fill.shown_size, 9)
    and paid.known_at < (select clock.until from ops.clock as clock)
