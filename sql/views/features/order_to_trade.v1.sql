-- what:    How many orders come for each trade, and how soon the large ones go again.
-- grain:   one row per venue, pair and minute in which its book changed, known 61 s after its end
-- status:  live
-- needs:   182s

with params as (
    select
        interval 121 seconds as told_after,  -- its last order's minute is over by then
        interval 1 minute as max_delay,  -- as in features.book_bars
        5 as near_bps  -- from the best price, rule book B7
),

events as (
    select
        events.*,
        date_trunc('minute', events.received_at) as bar_at,
        round(
            10_000 * events.book_side
            * (
                case when events.book_side = 1 then events.best_bid else events.best_ask end
                - events.price
            ) / events.mid, 6
        ) <= params.near_bps as is_near
    from features.book_events as events
    cross join params
),

of_books as (
    select
        venue, pair, bar_at,
        sum(case when exec_size is null then 1 else 0 end) as n_adds,
        sum(case when exec_size is null then cast(change_size as decimal(28, 8)) else 0 end)
            as added,
        sum(cast(coalesce(cancel_size, 0) as decimal(28, 8))) as cancelled,
        sum(case when is_near then cast(coalesce(cancel_size, 0) as decimal(28, 8)) else 0 end)
            as near_cancelled
    from events
    group by venue, pair, bar_at
),

trades as (
    select
        trades.*,
        date_trunc('minute', trades.known_at) as bar_at
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

-- Aggregates tell the same as single trades: those count where no single one came.
of_trades as (
    select
        venue, pair, bar_at,
        sum(case when is_aggregate then 0 else 1 end) as n_single,
        count(*) as n_told,
        sum(case when is_aggregate then 0 else cast(size as decimal(28, 8)) end) as single,
        sum(cast(size as decimal(28, 8))) as told
    from trades
    group by venue, pair, bar_at
),

of_orders as (
    select
        venue, pair,
        date_trunc('minute', added_at) as bar_at,
        count(*) as n_large,
        sum(case when life_ms <= 100 and exec_size = 0 then 1 else 0 end) as n_100ms,
        sum(case when life_ms <= 1_000 and exec_size = 0 then 1 else 0 end) as n_1s,
        sum(case when life_ms <= 5_000 and exec_size = 0 then 1 else 0 end) as n_5s
    from features.order_lives
    where is_large
    group by venue, pair, date_trunc('minute', added_at)
)

select
    of_books.venue,
    of_books.pair,
    of_books.bar_at,  -- the minute's begin, of known_at
    of_books.bar_at + params.told_after as known_at,  -- 61 s after its end
    cast(of_books.n_adds as bigint)
        as n_adds,  -- orders or levels that came or grew
    cast(of_books.added as double) as added_size,  -- base units that came
    cast(of_books.cancelled as double)
        as cancelled_size,  -- base units that left and were not traded
    cast(
        coalesce(
            case when of_trades.n_single > 0 then of_trades.n_single else of_trades.n_told end, 0
        ) as bigint
    ) as n_trades,  -- single ones, or aggregates where none of these came
    cast(
        coalesce(
            case when of_trades.n_single > 0 then of_trades.single else of_trades.told end, 0
        ) as double
    ) as traded_size,  -- base units
    round(
        of_books.n_adds
        / cast(
            nullif(
                case
                    when of_trades.n_single > 0 then of_trades.n_single else of_trades.n_told
                end, 0
            ) as double
        ) - 1, 9
    ) as otr_number,  -- n_adds over n_trades, less 1; null without a trade
    round(
        cast(of_books.added as double)
        / nullif(
            cast(
                case
                    when of_trades.n_single > 0 then of_trades.single else of_trades.told
                end as double
            ), 0
        ) - 1, 9
    ) as otr_volume,  -- the same of sizes
    cast(coalesce(of_orders.n_large, 0) as bigint)
        as n_large,  -- large orders that came; none where the venue shows levels only
    round(of_orders.n_100ms / cast(of_orders.n_large as double), 9)
        as cancel_within_100ms_frac,  -- of these, those that went so soon untraded
    round(of_orders.n_1s / cast(of_orders.n_large as double), 9)
        as cancel_within_1s_frac,  -- of these, those that went so soon untraded
    round(of_orders.n_5s / cast(of_orders.n_large as double), 9)
        as cancel_within_5s_frac,  -- of these, those that went so soon untraded
    round(
        cast(of_books.near_cancelled as double)
        / nullif(cast(of_books.cancelled as double), 0), 9
    ) as near_touch_cancel_frac  -- of cancelled_size, that within 5 bps of the best price
from of_books
cross join params
left join of_trades
    on
        of_books.venue = of_trades.venue
        and of_books.pair = of_trades.pair
        and of_books.bar_at = of_trades.bar_at
left join of_orders
    on
        of_books.venue = of_orders.venue
        and of_books.pair = of_orders.pair
        and of_books.bar_at = of_orders.bar_at
where of_books.bar_at + params.told_after < (select clock.until from ops.clock as clock)
