-- rule:    B7
-- what:    Three or more large orders of one side at different prices, near the best one, that came
--          and within 5 s went together, hardly traded.
-- grain:   one row per pair, side and quarter of an hour: the first such second, and each that is
--          worse by a severity
-- status:  live
-- every:   5s
-- needs:   16m
-- misses:  venues that show levels only; pairs whose side and band had under 500 adds in the day
--          before; layers that stand longer than 5 s, or go one by one
-- noisy:   when a maker withdraws its quotes at once, as on news; more so where nobody traded on
--          the other side meanwhile: such a one is low

with params as (
    select
        3 as min_prices,  -- rule book B7
        10 as full_prices,  -- at which a score ends; a guess
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

orders as (
    select
        spoofs.*,
        params.min_prices, params.full_prices,
        spoofs.venue || ':' || spoofs.pair as entity,
        epoch_us(spoofs.known_at) // params.cool_down_us as bucket
    from features.spoof_orders as spoofs
    cross join params
),

-- What went in the second up to each, itself too.
seconds as (
    select
        *,
        count(*) over a_second as n_orders,
        min(added_at) over a_second as began_at,
        sum(cast(size as decimal(28, 8))) over a_second as sum_size,
        sum(cast(notional as decimal(28, 8))) over a_second as sum_notional,
        max(opp_fill_size) over a_second as max_fill_size,
        max(case when has_opp_fill then 1 else 0 end) over a_second as n_filled,
        max(case when has_price_response then 1 else 0 end) over a_second as n_moved
    from orders
    window
        a_second as (
            partition by venue, pair, epoch, book_side order by ended_at
            range between interval 1 second preceding and current row
        )
),

ranked as (
    select
        *,
        1 + n_filled + n_filled * n_moved as rank
    from seconds
    where n_prices >= min_prices
),

worse as (
    select
        *,
        max(rank) over before_it as rank_before
    from ranked
    window
        before_it as (
            partition by venue, pair, book_side, bucket order by known_at, ended_at, sequence
            rows between unbounded preceding and 1 preceding
        )
)

select
    worse.entity,
    'pair' as entity_type,
    worse.ended_at as happened_at,
    worse.known_at as fired_at,
    -- Bids that are not meant hide who sells.
    case when worse.book_side = 1 then 'bear' else 'bull' end as direction,
    round(
        cast(  -- 20 to 39, 40 to 59 with a trade on the other side, 60 to 79 with a move too
            20 * worse.rank
            + 19 * least(
                1, (worse.n_prices - worse.min_prices)
                / cast(nullif(worse.full_prices - worse.min_prices, 0) as double)
            ) as double
        ), 6
    ) as score,
    cast(0.2 + 0.2 * worse.rank as double) as confidence,
    case when dollars.coin is not null then cast(worse.sum_notional as double) end
        as notional_usd,
    worse.entity || ': ' || worse.n_orders || ' large '
    || case when worse.book_side = 1 then 'bids' else 'asks' end || ' at ' || worse.n_prices
    || ' prices went within a second, hardly traded'
    || case when worse.n_filled = 1 then ', after trades on the other side' else '' end
    || case when worse.n_moved = 1 then ', and the price came back' else '' end as headline,
    to_json(struct_pack(
        book_side := worse.book_side, n_orders := worse.n_orders, n_prices := worse.n_prices,
        sum_size := cast(worse.sum_size as double), opp_fill := worse.n_filled = 1,
        max_opp_fill_size := worse.max_fill_size, price_response := worse.n_moved = 1,
        last_order_id := worse.order_id, last_price := worse.price,
        median_size := worse.median_size, p99_size := worse.p99_size, n_obs := worse.n_obs,
        epoch := worse.epoch, began_us := epoch_us(worse.began_at),
        ended_us := epoch_us(worse.ended_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.layering', worse.entity, worse.order_id, epoch_ms(worse.added_at)
    ) as alert_key
from worse
left join curated.dollar_coins as dollars on split_part(worse.pair, '-', 2) = dollars.coin
where
    coalesce(worse.rank > worse.rank_before, true)
    and worse.known_at < (select clock.until from ops.clock as clock)
