-- what:    Changes of order books as events, with how much of what left was traded and cancelled.
-- grain:   one row per change of a level, or of an order where the venue shows them, as first told;
--          no snapshots; known 250 ms after it came, when trades of its price are in
-- status:  live
-- keep:    rolling
-- needs:   181s

with params as (
    select
        interval 1 minute as max_delay,  -- as in features.book_bars
        interval 1 minute as lookback,  -- for what is told again, which comes within max_delay
        interval 250 milliseconds as match_window,  -- rule book B2
        interval 1 minute as max_chain,  -- before the minute; `needs` covers both
        100_000_000 as ticks  -- prices are compared as whole numbers of 1e-8
),

updates as (
    select
        updates.*,
        params.lookback, params.match_window, params.max_chain,
        coalesce(updates.order_id, 0) as order_key,
        cast(round(updates.price * params.ticks) as bigint) as tick
    from curated.book_updates as updates
    cross join params
    where
        not updates.is_snapshot
        and updates.size <> updates.prev_size
        and coalesce(updates.known_at <= updates.exchange_at + params.max_delay, true)
),

replaced_updates as (
    select
        venue, pair, epoch, update_id, book_side, tick, order_key, known_at
    from updates
    where withdrawn_at is not null
),

changes as (
    select updates.*
    from updates
    left join replaced_updates as replaced
        on
            updates.venue = replaced.venue
            and updates.pair = replaced.pair
            and updates.epoch = replaced.epoch
            and updates.update_id = replaced.update_id
            and updates.book_side = replaced.book_side
            and updates.tick = replaced.tick
            and updates.order_key = replaced.order_key
            and updates.known_at > replaced.known_at
            and updates.known_at - updates.lookback <= replaced.known_at
    where replaced.venue is null
),

trades as (
    select
        trades.venue, trades.pair, trades.is_aggregate, trades.trade_id, trades.known_at,
        trades.withdrawn_at, params.lookback,
        -trades.side as book_side,
        cast(round(trades.price * params.ticks) as bigint) as tick,
        cast(trades.size as decimal(28, 8)) as size
    from curated.crypto_trades as trades
    cross join params
    where trades.known_at <= trades.traded_at + params.max_delay
),

replaced_trades as (
    select
        venue, pair, is_aggregate, trade_id, known_at
    from trades
    where withdrawn_at is not null
),

paying as (
    select trades.*
    from trades
    left join replaced_trades as replaced
        on
            trades.venue = replaced.venue
            and trades.pair = replaced.pair
            and trades.is_aggregate = replaced.is_aggregate
            and trades.trade_id = replaced.trade_id
            and trades.known_at > replaced.known_at
            and trades.known_at - trades.lookback <= replaced.known_at
    where replaced.venue is null
),

traded_prices as (
    select
        venue, pair, book_side, tick
    from paying
    group by venue, pair, book_side, tick
),

-- What left a price at which something was traded; elsewhere all of it was cancelled.
removals as (
    select
        changes.venue, changes.pair, changes.epoch, changes.book_side, changes.tick,
        changes.known_at, changes.update_id, changes.order_key,
        changes.match_window, changes.max_chain,
        cast(changes.prev_size as decimal(28, 8)) - cast(changes.size as decimal(28, 8)) as removed
    from changes
    inner join traded_prices as traded
        on
            changes.venue = traded.venue
            and changes.pair = traded.pair
            and changes.book_side = traded.book_side
            and changes.tick = traded.tick
    where changes.prev_size > changes.size
),

-- Two captures of one book at once are two books.
levels as (
    select
        venue, pair, epoch, book_side, tick, match_window, max_chain
    from removals
    group by venue, pair, epoch, book_side, tick, match_window, max_chain
),

moves as (
    select
        *,
        false as is_trade,
        cast(0 as decimal(28, 8)) as single,
        cast(0 as decimal(28, 8)) as merged
    from removals
    union all
    select
        levels.venue, levels.pair, levels.epoch, levels.book_side, levels.tick,
        paying.known_at,
        paying.trade_id as update_id,
        cast(paying.is_aggregate as bigint) as order_key,
        levels.match_window, levels.max_chain,
        cast(0 as decimal(28, 8)) as removed,
        true as is_trade,
        case when paying.is_aggregate then 0 else paying.size end as single,
        case when paying.is_aggregate then paying.size else 0 end as merged
    from levels
    inner join paying
        on
            levels.venue = paying.venue
            and levels.pair = paying.pair
            and levels.book_side = paying.book_side
            and levels.tick = paying.tick
),

steps as (
    select
        *,
        coalesce(known_at - lag(known_at) over in_order > match_window, true) as is_first
    from moves
    window
        in_order as (
            partition by venue, pair, epoch, book_side, tick
            order by known_at, is_trade, update_id, order_key
        )
),

begun as (
    select
        *,
        date_trunc('minute', known_at) as minute_at,
        max(case when is_first then known_at end) over in_order as began_at
    from steps
    window
        in_order as (
            partition by venue, pair, epoch, book_side, tick
            order by known_at, is_trade, update_id, order_key
        )
),

-- A chain ends with 250 ms without a trade or a removal; one that never ends is cut at a minute.
chains as (
    select
        *,
        case when began_at >= minute_at - max_chain then began_at else minute_at end as chain_at
    from begun
),

-- Aggregates tell the same as single trades, of which either may be missing.
paid as (
    select
        *,
        greatest(sum(single) over so_far, sum(merged) over so_far) as sum_traded
    from chains
    window
        so_far as (
            partition by venue, pair, epoch, book_side, tick, chain_at order by known_at
            range between unbounded preceding and interval 250 milliseconds following
        )
),

queued as (
    select
        *,
        sum(removed) over in_order as sum_removed
    from paid
    where not is_trade
    window
        in_order as (
            partition by venue, pair, epoch, book_side, tick, chain_at
            order by known_at, update_id, order_key
        )
),

-- Trades pay for what left first; what they do not reach by then they never pay for.
settled as (
    select
        *,
        sum_removed + least(0, min(sum_traded - sum_removed) over in_order) as sum_paid
    from queued
    window
        in_order as (
            partition by venue, pair, epoch, book_side, tick, chain_at
            order by known_at, update_id, order_key
        )
),

filled as (
    select
        venue, pair, epoch, update_id, book_side, tick, order_key, known_at,
        cast(sum_paid - coalesce(lag(sum_paid) over in_order, 0) as double) as exec_size
    from settled
    window
        in_order as (
            partition by venue, pair, epoch, book_side, tick, chain_at
            order by known_at, update_id, order_key
        )
),

placed as (
    select
        changes.*,
        changes.known_at + changes.match_window as matched_at,
        round(abs(changes.size - changes.prev_size), 8) as change_size,
        round(10_000 * changes.book_side * (changes.mid - changes.price) / changes.mid, 6)
            as dist_bps,
        case when changes.size < changes.prev_size then coalesce(filled.exec_size, 0) end
            as exec_size
    from changes
    left join filled
        on
            changes.venue = filled.venue
            and changes.pair = filled.pair
            and changes.epoch = filled.epoch
            and changes.update_id = filled.update_id
            and changes.book_side = filled.book_side
            and changes.tick = filled.tick
            and changes.order_key = filled.order_key
            and changes.known_at = filled.known_at
)

select
    venue,
    pair,
    least(exchange_at, known_at) as happened_at,  -- the venue's event time, if not after it came
    known_at as received_at,  -- when its message came
    matched_at as known_at,  -- 250 ms after it was received
    case
        when prev_size = 0 then 'add'
        when size > prev_size then 'increase'
        when size > 0 then 'decrease'
        else 'remove'
    end as order_event,  -- add, increase, decrease or remove
    book_side,  -- 1 bid, -1 ask
    price,  -- quote currency
    order_id,  -- null where the venue shows levels only: there an event is no order's
    size,  -- base units after it
    prev_size,  -- base units before it
    change_size,  -- base units that came or left
    exec_size,  -- base units of what left that trades explain; null where nothing left
    round(change_size - exec_size, 8)
        as cancel_size,  -- base units of what left that trades do not; null where nothing left
    round(price * change_size, 8) as notional,  -- quote currency, of change_size
    mid,  -- after the whole message; null while a side is empty
    dist_bps,  -- of price from mid, positive away from it on the own side
    case
        when dist_bps < 10 then 0
        when dist_bps < 50 then 10
        when dist_bps < 200 then 50
        when dist_bps >= 200 then 200
    end as band_bps,  -- lower bound of its distance: 0, 10, 50 or 200
    best_bid,  -- after the whole message
    best_ask,  -- after the whole message
    bid_size_50bps,  -- base units within 50 bps of the mid; null beyond the book's reach
    ask_size_50bps,  -- base units within 50 bps of the mid; null beyond the book's reach
    bid_size_200bps,  -- base units within 200 bps of the mid; null beyond the book's reach
    ask_size_200bps,  -- base units within 200 bps of the mid; null beyond the book's reach
    bid_size_500bps,  -- base units within 500 bps of the mid; null beyond the book's reach
    ask_size_500bps,  -- base units within 500 bps of the mid; null beyond the book's reach
    bid_size_all,  -- base units on all bids that are known
    ask_size_all,  -- base units on all asks that are known
    epoch,
    update_id,
    sequence
from placed
where matched_at < (select clock.until from ops.clock as clock)
