-- what:    Orders of one size at several prices of a side of a book, put up within a second.
-- grain:   one row per venue, pair, epoch, side, size and second at whose end such a ladder stands;
--          where the venue shows levels, an order is what a level grew by
-- status:  live
-- keep:    rolling
-- needs:   2s, 26h of features.quote_rates

with params as (
    select
        5 as min_orders,  -- the rule book's 2 come by chance hundreds of times an hour; a guess
        69 as max_orders,  -- rule book B4
        500 as max_dist_bps,  -- rule book B4
        250_000 as min_notional_usd,  -- in sum, as one wall; a guess
        interval 1 second as bar,  -- the length of a second bar
        interval 250 milliseconds as match_window,  -- rule book B2, by which events are known
        interval 1 day as max_age  -- of a coin's rate; a guess
),

-- An order that follows the price from level to level is put up and taken away at each.
prices as (
    select
        events.venue, events.pair, events.epoch, events.book_side, events.price,
        date_trunc('second', events.received_at) as bar_at,
        cast(events.change_size as decimal(28, 8)) as order_size,
        min(events.dist_bps) as dist_bps,
        sum(case when events.order_event in ('add', 'increase') then 1 else -1 end) as n_orders
    from features.book_events as events
    cross join params
    where events.dist_bps <= params.max_dist_bps
    group by
        events.venue, events.pair, events.epoch, events.book_side, events.price,
        date_trunc('second', events.received_at), cast(events.change_size as decimal(28, 8))
    having sum(case when events.order_event in ('add', 'increase') then 1 else -1 end) > 0
),

ladders as (
    select
        prices.venue, prices.pair, prices.epoch, prices.book_side, prices.bar_at,
        prices.order_size,
        cast(sum(prices.n_orders) as bigint) as n_orders,
        count(*) as n_prices,
        sum(prices.n_orders * prices.order_size * cast(prices.price as decimal(28, 8)))
            as notional,
        min(prices.price) as min_price,
        max(prices.price) as max_price,
        min(prices.dist_bps) as min_dist_bps,
        max(prices.dist_bps) as max_dist_bps
    from prices
    cross join params
    group by
        prices.venue, prices.pair, prices.epoch, prices.book_side, prices.bar_at,
        prices.order_size, params.min_orders, params.max_orders
    having
        count(*) >= params.min_orders
        and sum(prices.n_orders) <= params.max_orders
),

weighed as (
    select
        ladders.*,
        round(
            cast(ladders.notional as double) * case
                when dollars.coin is not null then 1
                when ladders.bar_at - rates.known_at <= params.max_age then rates.usd_rate
            end, 2
        ) as notional_usd,
        ladders.bar_at + params.bar + params.match_window as told_at,
        params.min_notional_usd
    from ladders
    cross join params
    left join curated.dollar_coins as dollars on split_part(ladders.pair, '-', 2) = dollars.coin
    asof left join features.quote_rates as rates
        on
            ladders.venue = rates.venue
            and split_part(ladders.pair, '-', 2) = rates.coin
            and ladders.bar_at >= rates.known_at
)

select
    venue,
    pair,
    bar_at,  -- the second's begin
    told_at as known_at,  -- 250 ms after its end
    book_side,  -- 1 bid, -1 ask
    cast(order_size as double) as order_size,  -- base units of each
    n_orders,  -- put up in the second, and not taken away in it
    n_prices,  -- at so many prices
    notional_usd,  -- of all of them
    min_price,  -- quote currency
    max_price,  -- quote currency
    min_dist_bps,  -- of the nearest from the mid, positive away from it
    max_dist_bps,  -- of the farthest
    epoch
from weighed
where
    notional_usd >= min_notional_usd
    and told_at < (select clock.until from ops.clock as clock)
