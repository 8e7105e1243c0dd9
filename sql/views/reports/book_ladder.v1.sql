-- what:    The best levels that stand in each pair's order book at the end of the span.
-- grain:   one row per venue, pair, side and level of the newest epoch; levels that did not change
--          within what was opened, and whose snapshot lies before it, are not seen: seen_frac says
--          how much of the side is
-- status:  live
-- needs:   1h, 1d of ops.feed_gaps
-- route:   book_ladder

with params as (
    select
        25 as max_levels,  -- of a side: what a screen shows, and what checksums cover
        interval 1 minute as max_delay  -- as in features.book_bars
),

updates as (
    select
        updates.*,
        params.max_levels,
        coalesce(updates.order_id, 0) as order_key,
        struct_pack(
            at := updates.known_at, id := updates.update_id, n := updates.sequence
        ) as place
    from curated.book_updates as updates
    cross join params
    where coalesce(updates.known_at <= updates.exchange_at + params.max_delay, true)
),

newest as (
    select
        venue, pair,
        max(max_levels) as max_levels,
        arg_max(
            struct_pack(
                epoch := epoch, known_at := known_at, exchange_at := exchange_at, mid := mid,
                bid_size := bid_size_all, ask_size := ask_size_all
            ),
            struct_pack(at := known_at, n := sequence, epoch := epoch, id := update_id)
        ) as last
    from updates
    group by venue, pair
),

orders as (
    select
        updates.venue, updates.pair, updates.book_side, updates.price, updates.order_key,
        arg_max(updates.size, updates.place) as size,
        max(updates.known_at) as changed_at,
        max(case when updates.is_snapshot then 1 else 0 end) as is_of_snapshot
    from updates
    inner join newest
        on
            updates.venue = newest.venue
            and updates.pair = newest.pair
            and updates.epoch = newest.last.epoch
    group by
        updates.venue, updates.pair, updates.book_side, updates.price, updates.order_key
),

whole as (
    select
        venue, pair,
        max(is_of_snapshot) = 1 as is_whole
    from orders
    group by venue, pair
),

levels as (
    select
        venue, pair, book_side, price,
        sum(cast(size as decimal(28, 8))) as size,
        nullif(sum(case when order_key > 0 and size > 0 then 1 else 0 end), 0) as n_orders,
        max(changed_at) as changed_at
    from orders
    group by venue, pair, book_side, price
    having max(size) > 0
),

ranked as (
    select
        *,
        row_number() over best_first as level_number,
        sum(size) over best_first as cum_size,
        sum(size) over (partition by venue, pair, book_side) as seen_size
    from levels
    window
        best_first as (
            partition by venue, pair, book_side order by -book_side * price
            rows between unbounded preceding and current row
        )
),

-- A gap without an end is over when a message follows it.
broken as (
    select
        newest.venue, newest.pair,
        count(*) as n_gaps
    from newest
    inner join ops.feed_gaps as gaps
        on
            newest.venue = gaps.venue
            and (newest.pair = gaps.pair or gaps.pair = 'all')
            and newest.last.known_at <= gaps.known_at
            and coalesce(newest.last.known_at < gaps.ended_at, true)
    where gaps.channel = 'book'
    group by newest.venue, newest.pair
),

measured as (
    select
        ranked.*,
        newest.max_levels, newest.last, whole.is_whole,
        broken.n_gaps is null as is_in_sync,
        case
            when ranked.book_side = 1 then newest.last.bid_size else newest.last.ask_size
        end as side_size
    from ranked
    inner join newest on ranked.venue = newest.venue and ranked.pair = newest.pair
    inner join whole on ranked.venue = whole.venue and ranked.pair = whole.pair
    left join broken on ranked.venue = broken.venue and ranked.pair = broken.pair
)

select
    measured.venue,
    measured.pair,
    measured.book_side,  -- 1 bid, -1 ask
    cast(measured.level_number as bigint)
        as level_number,  -- 1 is the best of its side that is seen
    measured.price,  -- quote currency
    round(cast(measured.size as double), 8) as size,  -- base units, of all orders at the price
    cast(measured.n_orders as bigint) as n_orders,  -- null where the venue shows levels only
    round(cast(measured.cum_size as double), 8)
        as cum_size,  -- base units, of this level and better ones
    round(
        10_000 * measured.book_side * (measured.last.mid - measured.price) / measured.last.mid, 6
    ) as dist_bps,  -- of price from mid, positive away from it; null while a side is empty
    round(cast(measured.size as double) / nullif(measured.side_size, 0), 9)
        as share_frac,  -- of all that is known of the side, also beyond these levels, 0 to 1
    round(measured.price * cast(measured.size as double), 8) as notional,  -- quote currency
    measured.changed_at,  -- receive time of its last change
    measured.last.mid,  -- quote currency
    measured.last.known_at
        as book_at,  -- receive time of the book's last change: the ladder's moment
    measured.last.exchange_at,  -- of the same, by the venue's clock; null where it tells none
    measured.is_in_sync,  -- no gap follows that lasts, as far as is known
    measured.is_whole,  -- the snapshot was opened, so that all levels are seen
    round(cast(measured.seen_size as double) / nullif(measured.side_size, 0), 9)
        as seen_frac,  -- share of what is known of the side that is seen here, 0 to 1
    measured.last.epoch
from measured
where measured.level_number <= measured.max_levels
order by
    measured.venue asc, measured.pair asc, measured.book_side desc, measured.level_number asc
