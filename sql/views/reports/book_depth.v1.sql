-- what:    What stands in each order book over time and price, for a heat map, with whales on it.
-- grain:   one row per venue, pair, side, ten seconds and range of prices within 200 bps of the mid
--          in which something stands at their end, or a whale came; levels that did not change
--          since what was opened begins, and whose snapshot lies before it, are not seen:
--          seen_frac says how much of the side is; none in gaps, nor after a pair's last message
-- status:  live
-- needs:   1h, 1d of ops.feed_gaps
-- route:   book_depth

with params as (
    select
        10_000_000 as bar_us,  -- ten seconds: an hour is 360 columns of a picture
        5 as max_width_bps,  -- a range is 1, 2 or 5 times a power of ten, so its edges are round
        200 as reach_bps,  -- rule book B4 looks as far for walls
        interval 1 minute as max_delay  -- as in features.book_bars
),

-- What changed before the span is as if it all changed right before it.
updates as (
    select
        updates.*,
        params.bar_us,
        greatest(
            epoch_us(updates.known_at) // params.bar_us, epoch_us(clock.since) // params.bar_us - 1
        ) as bar,
        struct_pack(
            at := updates.known_at, id := updates.update_id, n := updates.sequence
        ) as place
    from curated.book_updates as updates
    cross join params
    cross join ops.clock as clock
    where coalesce(updates.known_at <= updates.exchange_at + params.max_delay, true)
),

-- The book at the end of each ten seconds in which something changed.
states as (
    select
        venue, pair, bar, bar_us,
        arg_max(
            struct_pack(
                epoch := epoch, at := known_at, mid := mid,
                bid_size := bid_size_all, ask_size := ask_size_all
            ),
            struct_pack(at := known_at, n := sequence, epoch := epoch, id := update_id)
        ) as state
    from updates
    group by venue, pair, bar, bar_us
),

followed as (
    select
        states.*,
        case
            when lead(states.state.epoch) over in_order = states.state.epoch
                then lead(states.bar) over in_order
        end as next_bar
    from states
    window in_order as (partition by states.venue, states.pair order by states.bar)
),

-- Nothing changes until the next message, where it is of the same epoch.
filled as (
    select
        followed.venue, followed.pair, followed.state, followed.bar_us,
        unnest(
            range(
                followed.bar,
                coalesce(followed.next_bar, epoch_us(followed.state.at) // followed.bar_us + 1)
            )
        ) as bar
    from followed
),

moments as (
    select
        filled.*,
        make_timestamptz(filled.bar * filled.bar_us) as bar_at,
        make_timestamptz((filled.bar + 1) * filled.bar_us) as known_at,
        filled.state.mid * (1 - params.reach_bps / 10_000.0) as low_price,
        filled.state.mid * (1 + params.reach_bps / 10_000.0) as high_price
    from filled
    cross join params
    inner join ops.clock as clock
        on
            make_timestamptz((filled.bar + 1) * filled.bar_us) >= clock.since
            and make_timestamptz((filled.bar + 1) * filled.bar_us) < clock.until
    where filled.state.mid is not null
),

gaps as (
    select
        venue, pair, began_at, ended_at
    from ops.feed_gaps
    where channel = 'book'
),

-- A gap without an end is over when a message follows it.
proven as (
    select moments.*
    from moments
    anti join gaps
        on
            moments.venue = gaps.venue
            and (moments.pair = gaps.pair or gaps.pair = 'all')
            and moments.known_at > gaps.began_at
            and coalesce(moments.known_at < gaps.ended_at, moments.state.at <= gaps.began_at)
),

whales as (
    select
        split_part(alerts.entity, ':', 1) as venue,
        split_part(alerts.entity, ':', 2) as pair,
        try_cast(alerts.evidence ->> '$.book_side' as bigint) as book_side,
        try_cast(alerts.evidence ->> '$.price' as double) as price,
        try_cast(alerts.evidence ->> '$.add_size' as double) as size,
        epoch_us(alerts.fired_at) // params.bar_us as bar,
        alerts.notional_usd,
        alerts.score
    from curated.alerts as alerts
    cross join params
    where
        alerts.detector = 'crypto.whale'
        and alerts.withdrawn_at is null
        and alerts.fired_at < (select clock.until from ops.clock as clock)
),

prices as (
    select price
    from updates
    union
    select price
    from whales
),

-- 5, 10 and 25 times 10^-4 of the power of ten below, for a width of at most 5 bps.
widths as (
    select
        prices.price,
        pow(10, floor(round(log10(prices.price), 9))) as decade,
        params.max_width_bps / 10_000.0 as width_frac
    from prices
    cross join params
    where prices.price > 0
),

steps as (
    select
        price,
        decade * width_frac * case
            when price < 2 * decade then 1
            when price < 5 * decade then 2
            else 5
        end as step
    from widths
),

places as (
    select
        price, step,
        cast(floor(round(price / step, 6)) as bigint) as place
    from steps
),

lasts as (
    select
        venue, pair, epoch, book_side, price, order_id, bar,
        cast(arg_max(size, place) as decimal(28, 8)) as size,
        max(case when is_snapshot then 1 else 0 end) as is_of_snapshot
    from updates
    group by venue, pair, epoch, book_side, price, order_id, bar
),

valued as (
    select
        lasts.*,
        places.place, places.step,
        cast(round(lasts.price * lasts.size, 8) as decimal(28, 8)) as notional,
        case when lasts.size > 0 then 1 else 0 end as n
    from lasts
    inner join places on lasts.price = places.price
),

-- What became of each level or order, beside what was seen of it before.
changes as (
    select
        venue, pair, epoch, book_side, bar, place, step, is_of_snapshot,
        size - coalesce(lag(size) over of_level, 0) as size,
        notional - coalesce(lag(notional) over of_level, 0) as notional,
        n - coalesce(lag(n) over of_level, 0) as n
    from valued
    window
        of_level as (partition by venue, pair, epoch, book_side, price, order_id order by bar)
),

moved as (
    select
        venue, pair, epoch, book_side, place, step, bar,
        sum(size) as size,
        sum(notional) as notional,
        sum(n) as n,
        max(is_of_snapshot) as is_of_snapshot
    from changes
    group by venue, pair, epoch, book_side, place, step, bar
),

standing as (
    select
        venue, pair, epoch, book_side, place, step, bar,
        sum(size) over so_far as size,
        sum(notional) over so_far as notional,
        sum(n) over so_far as n,
        lead(bar) over so_far as next_bar
    from moved
    window
        so_far as (
            partition by venue, pair, epoch, book_side, place, step order by bar
            rows between unbounded preceding and current row
        )
),

sides as (
    select
        venue, pair, epoch, book_side, bar,
        sum(size) as size
    from moved
    group by venue, pair, epoch, book_side, bar
),

seen as (
    select
        venue, pair, epoch, book_side, bar,
        sum(size) over so_far as seen_size
    from sides
    window
        so_far as (
            partition by venue, pair, epoch, book_side order by bar
            rows between unbounded preceding and current row
        )
),

whole as (
    select
        venue, pair, epoch,
        max(is_of_snapshot) = 1 as is_whole
    from moved
    group by venue, pair, epoch
),

cells as (
    select
        standing.venue, standing.pair, proven.bar, standing.book_side, standing.place,
        standing.step, standing.size, standing.notional, standing.n,
        0 as n_whales,
        0 as whale_size,
        cast(null as double) as whale_usd,
        cast(null as double) as whale_score
    from proven
    inner join standing
        on
            proven.venue = standing.venue
            and proven.pair = standing.pair
            and proven.state.epoch = standing.epoch
            and proven.bar >= standing.bar
            and coalesce(proven.bar < standing.next_bar, true)
    where standing.n > 0
    union all
    select
        whales.venue, whales.pair, whales.bar, whales.book_side, places.place, places.step,
        0 as size,
        0 as notional,
        0 as n,
        1 as n_whales,
        whales.size as whale_size,
        whales.notional_usd as whale_usd,
        whales.score as whale_score
    from whales
    inner join places on whales.price = places.price
),

summed as (
    select
        venue, pair, bar, book_side, place, step,
        sum(size) as size,
        sum(notional) as notional,
        sum(n) as n_levels,
        sum(n_whales) as n_whales,
        sum(whale_size) as whale_size,
        sum(whale_usd) as whale_usd,
        max(whale_score) as whale_score
    from cells
    group by venue, pair, bar, book_side, place, step
)

select
    proven.venue,
    proven.pair,
    proven.bar_at,  -- the begin of the ten seconds
    proven.known_at,  -- their end, the moment at which it stands
    summed.book_side,  -- 1 bid, -1 ask
    round(summed.place * summed.step, 12) as price_from,  -- quote currency, the range's begin
    round((summed.place + 1) * summed.step, 12) as price_to,  -- quote currency, its end, not in it
    round(cast(summed.size as double), 8) as size,  -- base units that stand there
    round(cast(summed.notional as double), 8) as notional,  -- quote currency
    cast(summed.n_levels as bigint) as n_levels,  -- prices, or orders where the venue shows them
    proven.state.mid,  -- quote currency
    round(
        10_000 * summed.book_side
        * (proven.state.mid - (summed.place + 0.5) * summed.step) / proven.state.mid, 6
    ) as dist_bps,  -- of the range's middle from the mid, positive away from it
    cast(summed.n_whales as bigint)
        as n_whales,  -- alerts of crypto.whale in these ten seconds, as the loop told them
    round(cast(summed.whale_size as double), 8) as whale_size,  -- base units that came with them
    round(summed.whale_usd, 2) as whale_usd,  -- dollars, of the same
    summed.whale_score,  -- the highest score of these alerts
    whole.is_whole,  -- the snapshot was opened, so that all levels are seen
    round(
        cast(seen.seen_size as double)
        / nullif(
            case
                when summed.book_side = 1 then proven.state.bid_size else proven.state.ask_size
            end, 0
        ), 9
    ) as seen_frac,  -- share of what is known of the side that is seen here, 0 to 1
    proven.state.epoch
from proven
inner join summed
    on
        proven.venue = summed.venue
        and proven.pair = summed.pair
        and proven.bar = summed.bar
        and proven.high_price >= summed.place * summed.step
        and proven.low_price < (summed.place + 1) * summed.step
inner join whole
    on
        proven.venue = whole.venue
        and proven.pair = whole.pair
        and proven.state.epoch = whole.epoch
asof left join seen
    on
        proven.venue = seen.venue
        and proven.pair = seen.pair
        and proven.state.epoch = seen.epoch
        and summed.book_side = seen.book_side
        and proven.bar >= seen.bar
