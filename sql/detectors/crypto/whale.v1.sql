-- rule:    B3
-- what:    An order comes to a book that is far above the mean size of its pair, by the founding
--          score of 0 to 6 points.
-- grain:   one row per side of a book and quarter of an hour: the first order, and each that is
--          worse by a severity; from medium on, one per price as well
-- status:  live
-- every:   5s
-- needs:   16m
-- misses:  pairs without 500 orders in the two days before; what comes and goes between two
--          messages; an order that is hidden, or shown in parts
-- noisy:   far from the price, where all orders are larger; where sizes have a fat tail

with params as (
    select
        2 as first_power,  -- of the spread above the geometric mean, a point; rule book B3
        3 as second_power,  -- two points
        4 as third_power,  -- three points
        0.01 as min_spread_frac,  -- rule book B3: a spread above it is a point
        0.01 as max_dist_frac,  -- rule book B3: so near to the mid is a point; 0.001 in its code
        10 as min_leans,  -- rule book B3: more than so many times what one side has more
        500 as min_obs,  -- rule book B3
        3 as min_points,  -- a mention of less is made many times a minute; a guess
        1_000_000 as critical_notional_usd,  -- as in the next version
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

logs as (
    select
        orders.*,
        params.first_power, params.second_power, params.third_power, params.min_spread_frac,
        params.max_dist_frac, params.min_leans, params.min_points, params.critical_notional_usd,
        orders.venue || ':' || orders.pair as entity,
        epoch_us(orders.known_at) // params.cool_down_us as bucket,
        orders.mean_size * orders.mean_size
        / sqrt(orders.mean_size * orders.mean_size + orders.variance) as log_mean,
        exp(sqrt(ln(1 + orders.variance / (orders.mean_size * orders.mean_size)))) as log_spread
    from features.whale_orders as orders
    cross join params
    where orders.n_moments >= params.min_obs and orders.variance > 0
),

cut as (
    select
        *,
        round(log_mean * pow(log_spread, first_power), 12) as first_cut,
        round(log_mean * pow(log_spread, second_power), 12) as second_cut,
        round(log_mean * pow(log_spread, third_power), 12) as third_cut
    from logs
),

based as (
    select
        *,
        case
            when add_size >= third_cut then 3
            when add_size >= second_cut then 2
            when add_size >= first_cut then 1
        end as base_points,
        case when spread_frac > min_spread_frac then 1 else 0 end as spread_point,
        case when dist_bps < 10_000 * max_dist_frac then 1 else 0 end as near_point,
        case when add_size > min_leans * lean_size then 1 else 0 end as lean_point
    from cut
),

pointed as (
    select
        *,
        base_points + spread_point + near_point + lean_point as points
    from based
    where base_points is not null
),

scored as (
    select
        *,
        -- 20, 40, 60 and 80 at 3, 4, 5 and 6 points; critical needs the dollars as well.
        cast(
            case
                when points >= 6 and coalesce(notional_usd >= critical_notional_usd, false) then 80
                when points >= 6 then 79
                else 20 * (points - 2)
            end as double
        ) as score
    from pointed
    where points >= min_points
),

fired as (
    select
        *,
        floor(score / 20) as severity
    from scored
),

worse as (
    select
        *,
        max(severity) over of_side as side_before,
        max(severity) over of_price as price_before
    from fired
    window
        of_side as (
            partition by venue, pair, book_side, bucket
            order by known_at, epoch, update_id, price, coalesce(order_id, 0), sequence
            rows between unbounded preceding and 1 preceding
        ),
        of_price as (
            partition by venue, pair, book_side, price, bucket
            order by known_at, epoch, update_id, coalesce(order_id, 0), sequence
            rows between unbounded preceding and 1 preceding
        )
)

select
    entity,
    'pair' as entity_type,
    least(exchange_at, known_at) as happened_at,
    known_at as fired_at,
    case when book_side = 1 then 'bull' else 'bear' end as direction,
    score,
    cast(
        0.3 + case when order_id is not null then 0.2 else 0 end as double
    ) as confidence,
    notional_usd,
    entity || ': ' || case when book_side = 1 then 'a bid' else 'an ask' end || ' of '
    || coalesce(cast(cast(round(notional_usd) as bigint) as text) || ' USD', 'unknown value')
    || ' came ' || cast(round(greatest(dist_bps, 0), 1) as text) || ' bps from the mid, '
    || cast(round(add_size / mean_size, 1) as text)
    || ' times the mean, ' || points || ' points of 6' as headline,
    to_json(struct_pack(
        points := points, base_points := base_points, spread_point := spread_point,
        near_point := near_point, lean_point := lean_point, first_cut := first_cut,
        second_cut := second_cut, third_cut := third_cut, mean_size := mean_size,
        variance := round(variance, 12), n_obs := n_moments, book_side := book_side,
        price := price, order_id := order_id, add_size := add_size, size := size,
        dist_bps := dist_bps, mid := mid, spread_frac := spread_frac, lean_size := lean_size,
        usd_rate := cast(usd_rate as double), notional_usd := notional_usd,
        near_frac := near_frac,
        round_price := is_round_price, is_order := order_id is not null, epoch := epoch,
        update_id := update_id, minute_us := epoch_us(minute_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.whale', entity, case when book_side = 1 then 'bid' else 'ask' end, price,
        coalesce(order_id, update_id), epoch_us(known_at)
    ) as alert_key
from worse
where
    (
        coalesce(severity > side_before, true)
        -- One low at one price is like one at another; of more, each price is told.
        or (severity > 1 and coalesce(severity > price_before, true))
    )
    and known_at < (select clock.until from ops.clock as clock)
