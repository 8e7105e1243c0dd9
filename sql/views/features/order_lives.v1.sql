-- what:    Orders that were added to a book, how large they were beside others, how each one went.
-- grain:   one row per order of a venue that shows them, known 250 ms after it went, or after the
--          first minute where it stood on; an order that changes its price is another one
-- status:  live
-- keep:    rolling
-- needs:   121s

with params as (
    select
        interval 1 minute as max_life,  -- `needs` covers it; what stands on hides nothing
        interval 250 milliseconds as match_window,  -- as in features.book_events
        5 as min_median_ratio,  -- rule book B7
        500 as min_adds,  -- of its side and band in the day before; rule book B3
        100_000_000 as ticks  -- prices are compared as whole numbers of 1e-8
),

events as (
    select
        events.*,
        params.max_life,
        cast(round(events.price * params.ticks) as bigint) as tick,
        case when events.order_event = 'add' then 1 else 0 end as n_added,
        struct_pack(
            at := events.received_at, id := events.update_id, n := events.sequence
        ) as place
    from features.book_events as events
    cross join params
    where events.order_id is not null
),

begun as (
    select
        *,
        sum(n_added) over in_order as n_life,
        max(case when n_added = 1 then received_at end) over in_order as began_at
    from events
    window
        in_order as (
            partition by venue, pair, epoch, book_side, tick, order_id
            order by received_at, update_id, sequence
        )
),

lives as (
    select
        venue, pair, epoch, book_side, order_id,
        began_at as added_at,
        max(case when order_event = 'remove' then received_at end) as ended_at,
        arg_min(
            struct_pack(
                price := price, size := size, mid := mid, dist_bps := dist_bps,
                band_bps := band_bps, best_bid := best_bid, best_ask := best_ask,
                update_id := update_id, sequence := sequence
            ),
            place
        ) as first_told,
        arg_max(struct_pack(mid := mid, size := size), place) as last_told,
        sum(case when exec_size is null then cast(change_size as decimal(28, 8)) else 0 end)
            as shown_size,
        sum(cast(coalesce(exec_size, 0) as decimal(28, 8))) as exec_size
    from begun
    where n_life > 0 and received_at <= began_at + max_life
    group by venue, pair, epoch, book_side, tick, order_id, n_life, began_at
),

measured as (
    select
        lives.*,
        params.min_median_ratio, params.min_adds,
        date_trunc('minute', lives.added_at) as minute_at,
        coalesce(lives.ended_at, lives.added_at + params.max_life) + params.match_window
            as matched_at,
        case
            when lives.book_side = 1 then lives.first_told.best_bid - lives.first_told.price
            else lives.first_told.price - lives.first_told.best_ask
        end as behind_best
    from lives
    cross join params
)

select
    measured.venue,
    measured.pair,
    measured.added_at,  -- when the message came that added it
    measured.ended_at,  -- when the one came that took it away; null where it stood for a minute
    measured.matched_at as known_at,
    measured.book_side,  -- 1 bid, -1 ask
    measured.first_told.price,  -- quote currency
    measured.order_id,
    measured.first_told.size,  -- base units, when it was added
    cast(measured.shown_size as double) as shown_size,  -- base units, with what was added later
    cast(measured.exec_size as double)
        as exec_size,  -- base units of it that trades explain, within its minute
    round(cast(measured.exec_size as double) / cast(measured.shown_size as double), 9)
        as exec_frac,  -- of shown_size
    (epoch_us(measured.ended_at) - epoch_us(measured.added_at)) / 1_000.0
        as life_ms,  -- null where it stood for a minute
    round(measured.first_told.price * measured.first_told.size, 8)
        as notional,  -- quote currency, of size
    measured.first_told.dist_bps,  -- from the mid at its add, positive away from it
    round(10_000 * measured.behind_best / measured.first_told.mid, 6)
        as touch_bps,  -- from the best price of its side then; 0 where it is the best
    measured.first_told.band_bps,  -- lower bound of dist_bps: 0, 10, 50 or 200
    measured.first_told.mid as added_mid,  -- quote currency, after the message that added it
    measured.last_told.mid as ended_mid,  -- quote currency, after the last message about it
    measured.first_told.best_bid as added_best_bid,  -- after the message that added it
    measured.first_told.best_ask as added_best_ask,  -- after the message that added it
    usual.n_obs,  -- adds of its side and band in the day before
    usual.median_size,  -- base units, of these
    usual.p99_size,  -- base units, of these
    coalesce(
        usual.n_obs >= measured.min_adds
        and measured.first_told.size >= usual.p99_size
        and measured.first_told.size >= measured.min_median_ratio * usual.median_size,
        false
    ) as is_large,  -- at least the 99th percentile and five times the median of these
    measured.epoch,
    measured.first_told.update_id,  -- of the message that added it
    measured.first_told.sequence
from measured
left join features.book_size_baselines as usual
    on
        measured.venue = usual.venue
        and measured.pair = usual.pair
        and measured.book_side = usual.book_side
        and measured.first_told.band_bps = usual.band_bps
        and measured.minute_at = usual.minute_at
where measured.matched_at < (select clock.until from ops.clock as clock)
