-- rule:    B3
-- what:    An order comes to a book that is large for its pair, its side and its distance.
-- grain:   one row per side of a book and quarter of an hour: the first order, and each that is
--          worse by a severity; from medium on, one per price as well
-- status:  live
-- every:   5s
-- needs:   16m
-- changed: v1 held sizes against one mean of the pair, so that orders far from the price, where
--          all are larger, counted most, and a fat tail fired all day.
-- misses:  sides and distances without 500 of them in the day before; what comes and goes between
--          two messages; an order that is hidden, or shown in parts; where the depth is not known
-- noisy:   when a market maker shows its large quote anew at another price; where a venue shows
--          levels, when many orders come to one price at once

with params as (
    select
        0.50 as size_weight,  -- rule book B3
        0.25 as depth_weight,  -- rule book B3
        0.15 as closeness_weight,  -- rule book B3
        0.10 as notional_weight,  -- rule book B3
        0.9 as min_pr,  -- rule book B3: only the top decile counts
        100_000 as half_notional_usd,  -- rule book B3
        1_000_000 as full_notional_usd,  -- rule book B3; and critical needs as much
        500 as min_obs,  -- rule book B3
        60 as low_whale,  -- rule book B3
        75 as medium_whale,  -- rule book B3
        85 as high_whale,  -- rule book B3
        95 as critical_whale,  -- rule book B3
        5_000 as full_obs,  -- below it the tail of 1 % is of fifty orders; a guess
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

parts as (
    select
        orders.*,
        params.low_whale, params.medium_whale, params.high_whale, params.critical_whale,
        params.full_notional_usd, params.full_obs,
        orders.venue || ':' || orders.pair as entity,
        epoch_us(orders.known_at) // params.cool_down_us as bucket,
        greatest(0, (orders.size_pr - params.min_pr) / nullif(1 - params.min_pr, 0)) as size_part,
        case
            when orders.notional_usd >= params.full_notional_usd then 1
            when orders.notional_usd >= params.half_notional_usd then 0.5
            else 0
        end as notional_part,
        params.size_weight, params.depth_weight, params.closeness_weight, params.notional_weight
    from features.whale_orders as orders
    cross join params
    where orders.n_obs >= params.min_obs and orders.size_pr is not null
),

weighed as (
    select
        *,
        round(
            100 * cast(
                size_weight * size_part + depth_weight * depth_frac
                + closeness_weight * closeness + notional_weight * notional_part as double
            ), 6
        ) as whale_score
    from parts
    where depth_frac is not null
),

scored as (
    select
        *,
        case  -- 20, 40, 60, 80 and 100 at 60, 75, 85, 95 and 100
            when whale_score < medium_whale
                then 20 + 20 * (whale_score - low_whale) / nullif(medium_whale - low_whale, 0)
            when whale_score < high_whale
                then
                    40 + 20 * (whale_score - medium_whale) / nullif(high_whale - medium_whale, 0)
            when whale_score < critical_whale
                then
                    60 + 20 * (whale_score - high_whale) / nullif(critical_whale - high_whale, 0)
            else 80 + 20 * (whale_score - critical_whale) / nullif(100 - critical_whale, 0)
        end as uncapped,
        coalesce(notional_usd >= full_notional_usd, false) as is_large
    from weighed
    where whale_score >= low_whale
),

capped as (
    select
        *,
        round(cast(case when is_large then uncapped else least(uncapped, 79) end as double), 6)
            as score
    from scored
),

fired as (
    select
        *,
        floor(score / 20) as severity
    from capped
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
        0.3
        + case when order_id is not null then 0.3 else 0 end
        + case when n_obs >= full_obs then 0.2 else 0 end
        + case when is_round_price then 0 else 0.1 end as double
    ) as confidence,
    notional_usd,
    entity || ': ' || case when book_side = 1 then 'a bid' else 'an ask' end || ' of '
    || coalesce(cast(cast(round(notional_usd) as bigint) as text) || ' USD', 'unknown value')
    || ' came ' || cast(round(greatest(dist_bps, 0), 1) as text) || ' bps from the mid, '
    || cast(round(add_size / median_size, 1) as text)
    || ' times the usual there, whale score ' || cast(round(whale_score, 1) as text) as headline,
    to_json(struct_pack(
        whale_score := whale_score, size_part := round(size_part, 6), depth_part := depth_frac,
        closeness_part := closeness, notional_part := cast(notional_part as double),
        book_side := book_side, price := price, order_id := order_id, add_size := add_size,
        size := size, dist_bps := dist_bps, band_bps := band_bps, mid := mid,
        spread_frac := spread_frac, usd_rate := cast(usd_rate as double),
        notional_usd := notional_usd,
        side_depth := side_depth, near_frac := near_frac, size_pr := size_pr, size_mz := size_mz,
        median_size := median_size, p90_size := p90_size, p99_size := p99_size,
        mad_log_size := mad_log_size, n_obs := n_obs, round_price := is_round_price,
        is_order := order_id is not null, epoch := epoch, update_id := update_id,
        minute_us := epoch_us(minute_at)
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
