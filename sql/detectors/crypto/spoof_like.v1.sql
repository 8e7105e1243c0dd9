-- rule:    B7
-- what:    Large orders near the best price that go within 5 s, hardly traded, after others traded
--          their way or the price went it and came back, or several of them went at once.
-- grain:   one row per pair, side and quarter of an hour: the first such order, and each that is
--          worse by a severity
-- status:  live
-- every:   5s
-- needs:   26m
-- misses:  venues that show levels only; pairs whose side and band had under 500 adds in the day
--          before; what stands longer than 5 s, is no larger than usual, or goes in a gap; a price
--          that moves by less than its narrowest spread
-- noisy:   when a maker withdraws a large quote as the price comes, which looks the same; where
--          the venue shows a window of its orders, and one that leaves it looks cancelled

with params as (
    select
        60 as low_score,  -- rule book B7
        75 as medium_score,  -- rule book B7
        85 as high_score,  -- rule book B7
        2 as medium_orders,  -- rule book B7: of medium_score in 10 minutes
        5 as high_orders,  -- rule book B7: of high_score in 10 minutes
        5 as critical_bps,  -- rule book B7: mean move of those of high_score
        10 as full_bps,  -- at which the score ends, twice the cut; a guess
        900_000_000 as cool_down_us  -- 15 minutes, rule book 0.6
),

orders as (
    select
        spoofs.*,
        params.low_score, params.medium_score, params.high_score, params.medium_orders,
        params.high_orders, params.critical_bps, params.full_bps,
        spoofs.venue || ':' || spoofs.pair as entity,
        epoch_us(spoofs.known_at) // params.cool_down_us as bucket
    from features.spoof_orders as spoofs
    cross join params
    where spoofs.is_confirmed and spoofs.spoof_score >= params.low_score
),

counted as (
    select
        *,
        count(*) over ten_minutes as n_orders,
        sum(case when spoof_score >= medium_score then 1 else 0 end) over ten_minutes as n_medium,
        sum(case when spoof_score >= high_score then 1 else 0 end) over ten_minutes as n_high,
        sum(
            case
                when spoof_score >= high_score
                    then cast(coalesce(moved_bps, 0) as decimal(28, 6))
                else 0
            end
        ) over ten_minutes as sum_moved_bps
    from orders
    window
        ten_minutes as (
            partition by venue, pair, book_side order by known_at
            range between interval 10 minutes preceding and current row
        )
),

meant as (
    select
        *,
        coalesce(
            round(cast(sum_moved_bps as double) / nullif(cast(n_high as double), 0), 6), 0
        ) as mean_moved_bps
    from counted
),

ranked as (
    select
        *,
        case
            when
                spoof_score >= high_score and n_high >= high_orders
                and mean_moved_bps >= critical_bps
                then 4
            when spoof_score >= high_score and n_high >= high_orders then 3
            when spoof_score >= medium_score and n_medium >= medium_orders then 2
            else 1
        end as rank
    from meant
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
        cast(
            case worse.rank  -- 20 to 39, 40 to 59, 60 to 79, 80 to 100
                when 1 then 20 + 19 * (worse.spoof_score - worse.low_score) / 40.0
                when 2 then 40 + 19 * (worse.spoof_score - worse.medium_score) / 25.0
                when 3 then 60 + 19 * (worse.spoof_score - worse.high_score) / 15.0
                else
                    least(
                        100,
                        80 + 20 * (worse.mean_moved_bps - worse.critical_bps)
                        / nullif(worse.full_bps - worse.critical_bps, 0)
                    )
            end as double
        ), 6
    ) as score,
    cast(  -- by how many of the three signs it has
        0.2
        + case when worse.has_opp_fill then 0.2 else 0 end
        + case when worse.has_price_response then 0.2 else 0 end
        + case when worse.is_layer then 0.2 else 0 end as double
    ) as confidence,
    case when dollars.coin is not null then worse.notional end as notional_usd,
    worse.entity || ': spoof-like ' || case when worse.book_side = 1 then 'bid' else 'ask' end
    || ' of ' || cast(worse.size as text) || ' at ' || cast(worse.price as text)
    || ', gone after ' || cast(round(worse.life_ms) as bigint) || ' ms with '
    || cast(round(100 * worse.exec_frac, 1) as text) || ' % traded; '
    || cast(worse.n_orders as bigint) || ' such in 10 minutes' as headline,
    to_json(struct_pack(
        order_id := worse.order_id, book_side := worse.book_side, price := worse.price,
        size := worse.size, life_ms := worse.life_ms, exec_frac := worse.exec_frac,
        dist_bps := worse.dist_bps, touch_bps := worse.touch_bps,
        median_size := worse.median_size, p99_size := worse.p99_size, n_obs := worse.n_obs,
        opp_fill := worse.has_opp_fill, opp_fill_size := worse.opp_fill_size,
        price_response := worse.has_price_response, moved_bps := worse.moved_bps,
        reverted_bps := worse.reverted_bps, layer := worse.is_layer,
        n_layers := worse.n_layers, spoof_score := worse.spoof_score,
        n_orders := worse.n_orders, n_medium := cast(worse.n_medium as bigint),
        n_high := cast(worse.n_high as bigint), mean_moved_bps := worse.mean_moved_bps,
        epoch := worse.epoch, update_id := worse.update_id,
        added_us := epoch_us(worse.added_at), ended_us := epoch_us(worse.ended_at)
    )) as evidence,
    concat_ws(
        '|', 'crypto.spoof_like', worse.entity, worse.order_id, epoch_ms(worse.added_at)
    ) as alert_key
from worse
left join curated.dollar_coins as dollars on split_part(worse.pair, '-', 2) = dollars.coin
where
    coalesce(worse.rank > worse.rank_before, true)
    and worse.known_at < (select clock.until from ops.clock as clock)
