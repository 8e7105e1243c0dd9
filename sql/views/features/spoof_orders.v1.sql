-- what:    Large orders that came near the best price and went within 5 s, hardly traded, and what
--          the market did meanwhile.
-- grain:   one row per such order, known 10 s after it went
-- status:  live
-- keep:    rolling
-- needs:   76s

with params as (
    select
        50 as max_dist_bps,  -- rule book B7
        5_000 as max_life_ms,  -- rule book B7
        0.05 as max_exec_frac,  -- rule book B7
        0.01 as min_fill_frac,  -- rule book B7: of its size, traded its way meanwhile
        0.5 as min_revert_frac,  -- rule book B7: of the move
        3 as min_layers,  -- rule book B7
        5 as near_bps,  -- rule book B7: from the best price
        interval 1 second as layer_window,  -- rule book B7
        interval 10 seconds as revert_window,  -- rule book B7
        interval 250 milliseconds as slack,  -- rule book B7: between trades and books
        interval 1 minute as max_delay,  -- as in features.book_bars; `needs` covers it
        1_000_000 as second_us,  -- a second in microseconds
        20_000_000 as stretch_us  -- an order and the 10 s behind it touch two of these at most
),

stretches as (
    select 0 as n_on
    union all
    select 1 as n_on
),

orders as (
    select
        lives.*,
        params.second_us, params.layer_window, params.revert_window, params.slack,
        lives.ended_at + params.revert_window as over_at,
        epoch_us(lives.added_at - params.slack) // params.stretch_us as stretch
    from features.order_lives as lives
    cross join params
    where
        lives.is_large
        and lives.dist_bps >= 0
        and lives.dist_bps <= params.max_dist_bps
        and lives.life_ms <= params.max_life_ms
        and lives.exec_frac <= params.max_exec_frac
),

spans as (
    select
        orders.venue, orders.pair, orders.epoch, orders.book_side, orders.order_id,
        orders.update_id, orders.added_at, orders.ended_at, orders.over_at, orders.slack,
        orders.stretch + stretches.n_on as stretch
    from orders
    cross join stretches
),

tops as (
    select
        tops.*,
        epoch_us(tops.known_at) // params.stretch_us as stretch,
        max(tops.update_id) over older_ones as last_update_id
    from curated.book_tops as tops
    cross join params
    where coalesce(tops.known_at <= tops.exchange_at + params.max_delay, true)
    window
        older_ones as (
            partition by tops.venue, tops.pair, tops.epoch
            order by tops.known_at, tops.update_id, tops.sequence
            rows between unbounded preceding and 1 preceding
        )
),

-- What is told again within the delay is older than the book, and no message of it.
mids as (
    select
        venue, pair, epoch, stretch, known_at,
        (best_bid + best_ask) / 2 as mid,
        best_ask - best_bid as spread,
        struct_pack(at := known_at, id := update_id) as place
    from tops
    where coalesce(update_id > last_update_id, true) and best_ask > best_bid
),

-- The book before it went, in which it still stood as it did after it came.
stood as (
    select
        spans.venue, spans.pair, spans.epoch, spans.book_side, spans.order_id, spans.update_id,
        arg_max(mids.mid, mids.place) as stood_mid,
        min(mids.spread) as min_spread
    from spans
    inner join mids
        on
            spans.venue = mids.venue
            and spans.pair = mids.pair
            and spans.epoch = mids.epoch
            and spans.stretch = mids.stretch
            and spans.added_at <= mids.known_at
            and spans.ended_at > mids.known_at
    group by
        spans.venue, spans.pair, spans.epoch, spans.book_side, spans.order_id, spans.update_id
),

left_behind as (
    select
        spans.venue, spans.pair, spans.epoch, spans.book_side, spans.order_id, spans.update_id,
        min(spans.book_side * mids.mid) * spans.book_side as back_mid,
        min(mids.spread) as min_spread
    from spans
    inner join mids
        on
            spans.venue = mids.venue
            and spans.pair = mids.pair
            and spans.epoch = mids.epoch
            and spans.stretch = mids.stretch
            and spans.ended_at <= mids.known_at
            and spans.over_at >= mids.known_at
    group by
        spans.venue, spans.pair, spans.epoch, spans.book_side, spans.order_id, spans.update_id
),

trades as (
    select
        trades.venue, trades.pair, trades.known_at, trades.is_aggregate,
        trades.side as book_side,  -- of an order that pushes as this trade does
        cast(trades.size as decimal(28, 8)) as size,
        epoch_us(trades.known_at) // params.stretch_us as stretch
    from curated.crypto_trades as trades
    cross join params
    where trades.known_at <= trades.traded_at + params.max_delay
    window
        first_told as (
            partition by trades.venue, trades.pair, trades.is_aggregate, trades.trade_id
            order by trades.known_at, trades.sequence
        )
    qualify row_number() over first_told = 1
),

-- Aggregates tell the same as single trades, of which either may be missing.
fills as (
    select
        spans.venue, spans.pair, spans.epoch, spans.book_side, spans.order_id, spans.update_id,
        greatest(
            sum(case when trades.is_aggregate then 0 else trades.size end),
            sum(case when trades.is_aggregate then trades.size else 0 end)
        ) as fill_size
    from spans
    inner join trades
        on
            spans.venue = trades.venue
            and spans.pair = trades.pair
            and spans.book_side = trades.book_side
            and spans.stretch = trades.stretch
            and spans.added_at - spans.slack <= trades.known_at
            and spans.ended_at + spans.slack >= trades.known_at
    group by
        spans.venue, spans.pair, spans.epoch, spans.book_side, spans.order_id, spans.update_id
),

-- Each with those of its side that went in the second before it, itself too.
seconds as (
    select
        orders.*,
        epoch_us(orders.ended_at) // orders.second_us - stretches.n_on as second_no
    from orders
    cross join stretches
),

joined as (
    select
        seconds.venue, seconds.pair, seconds.epoch, seconds.book_side, seconds.ended_at,
        count(distinct gone.price) as n_prices
    from seconds
    inner join orders as gone
        on
            seconds.venue = gone.venue
            and seconds.pair = gone.pair
            and seconds.epoch = gone.epoch
            and seconds.book_side = gone.book_side
            and seconds.second_no = epoch_us(gone.ended_at) // gone.second_us
            and seconds.ended_at >= gone.ended_at
            and seconds.ended_at - seconds.layer_window <= gone.ended_at
    group by seconds.venue, seconds.pair, seconds.epoch, seconds.book_side, seconds.ended_at
),

layered as (
    select
        *,
        max(n_prices) over a_second as n_layers
    from joined
    window
        a_second as (
            partition by venue, pair, epoch, book_side order by ended_at
            range between current row and interval 1 second following
        )
),

held as (
    select
        orders.*,
        layered.n_prices, layered.n_layers,
        coalesce(fills.fill_size, 0) as fill_size,
        stood.stood_mid, left_behind.back_mid,
        least(
            orders.added_best_ask - orders.added_best_bid, stood.min_spread,
            left_behind.min_spread
        ) as tick,
        round(orders.book_side * (stood.stood_mid - orders.added_mid), 9) as moved,
        round(orders.book_side * (stood.stood_mid - left_behind.back_mid), 9) as reverted
    from orders
    inner join layered
        on
            orders.venue = layered.venue
            and orders.pair = layered.pair
            and orders.epoch = layered.epoch
            and orders.book_side = layered.book_side
            and orders.ended_at = layered.ended_at
    left join fills
        on
            orders.venue = fills.venue
            and orders.pair = fills.pair
            and orders.epoch = fills.epoch
            and orders.book_side = fills.book_side
            and orders.order_id = fills.order_id
            and orders.update_id = fills.update_id
    left join stood
        on
            orders.venue = stood.venue
            and orders.pair = stood.pair
            and orders.epoch = stood.epoch
            and orders.book_side = stood.book_side
            and orders.order_id = stood.order_id
            and orders.update_id = stood.update_id
    left join left_behind
        on
            orders.venue = left_behind.venue
            and orders.pair = left_behind.pair
            and orders.epoch = left_behind.epoch
            and orders.book_side = left_behind.book_side
            and orders.order_id = left_behind.order_id
            and orders.update_id = left_behind.update_id
),

judged as (
    select
        held.*,
        held.fill_size >= cast(params.min_fill_frac as double) * held.size as has_opp_fill,
        coalesce(
            held.moved >= round(held.tick, 9)
            and held.reverted >= params.min_revert_frac * held.moved,
            false
        ) as has_price_response,
        held.n_layers >= params.min_layers as is_layer,
        coalesce(held.touch_bps <= params.near_bps, false) as is_near
    from held
    cross join params
)

select
    venue,
    pair,
    added_at,
    ended_at,
    over_at as known_at,  -- 10 s after it went
    book_side,  -- 1 bid, -1 ask
    price,  -- quote currency
    order_id,
    size,  -- base units
    notional,  -- quote currency
    life_ms,
    exec_frac,  -- traded share of it
    dist_bps,  -- from the mid at its add
    touch_bps,  -- from the best price of its side then
    is_near,  -- it came within 5 bps of that
    n_obs,  -- adds of its side and band in the day before
    median_size,  -- base units, of these
    p99_size,  -- base units, of these
    cast(fill_size as double)
        as opp_fill_size,  -- base units that others traded its way while it stood
    has_opp_fill,  -- at least a hundredth of its size
    added_mid,  -- after the message that added it
    stood_mid,  -- before the message that took it away; null where no other message came
    back_mid,  -- the furthest back in the 10 s from there on
    round(10_000 * moved / added_mid, 6) as moved_bps,  -- of the mid, its way, while it stood
    round(10_000 * reverted / added_mid, 6) as reverted_bps,  -- the way back in the 10 s after
    has_price_response,  -- a tick or more its way, and half of it back; the narrowest spread
    -- from its add on stands for a tick
    cast(n_prices as bigint)
        as n_prices,  -- prices of such orders of its side that went in the second up to it
    cast(n_layers as bigint)
        as n_layers,  -- the most that such a second had which it is in
    is_layer,  -- three or more
    has_opp_fill or has_price_response or is_layer as is_confirmed,  -- by one sign at least
    least(
        100,
        40 + case when is_near then 15 else 0 end + case when has_opp_fill then 25 else 0 end
        + case when has_price_response then 20 else 0 end
        + case when is_layer then 10 * n_layers else 0 end
    ) as spoof_score,  -- 0 to 100: rule book B7; 60 or more where it is confirmed
    epoch,
    update_id,
    sequence
from judged
where over_at < (select clock.until from ops.clock as clock)
