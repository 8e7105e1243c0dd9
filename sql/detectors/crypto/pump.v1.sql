-- rule:     B11
-- what:     The price of a small pair jumps far above its half day, on the volume of its month.
-- grain:    one row per pair and run of such chunks of 25 s, less than half an hour apart
-- status:   live
-- every:    5s
-- needs:    35m
-- misses:   large pairs; pairs without ten days of trades; quote currencies without a dollar
--           pair on the venue; a second pump before half an hour is quiet; one that stays below 1.9
--           times its half day; a pump that goes over the hour counts its volume anew
-- noisy:    on news and listings, which look the same; where the half day before had next to no
--           trades, and behind a gap of up to an hour in it

with params as (
    select
        1.9 as min_price_ratio,  -- rule book B11, definition B
        5 as min_volume_ratio,  -- rule book B11, definition B
        1 as min_max_ratio,  -- rule book B11: above its own 30-day maximum
        5_000_000 as max_daily_usd,  -- rule book B11; majors are not moved by a group
        10 as min_days,  -- a mean needs 10, rule book 0.3
        60 as min_hours,  -- with trades: a maximum of fewer is soon beaten, rule book 0.3
        6 as min_hours12,  -- with trades, half of the mean's; a guess
        1 as max_gap_hours,  -- of 12; a mean of fewer is not the mean; a guess
        interval 30 minutes as silence,  -- rule book B11; `needs` covers it
        20 as full_baseline  -- days; rule book 0.3
),

pumped as (
    select
        facts.*,
        params.min_price_ratio, params.silence, params.full_baseline,
        facts.venue || ':' || facts.pair as entity
    from features.pump as facts
    cross join params
    where
        facts.price_ratio > params.min_price_ratio
        and facts.volume_ratio > params.min_volume_ratio
        and facts.max_ratio > params.min_max_ratio
        and facts.daily_usd < params.max_daily_usd
        and facts.n_days >= params.min_days
        and facts.n_hours >= params.min_hours
        and facts.n_hours12 >= params.min_hours12
        and facts.gap_hours <= params.max_gap_hours
),

fired as (
    select *
    from pumped
    window in_order as (partition by venue, pair order by chunk_at)
    qualify coalesce(chunk_at - lag(chunk_at) over in_order > silence, true)
)

select
    entity,
    'pair' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    'bull' as direction,
    -- 20 to 39: low, from 1.9 times its half day to 3.8 times.
    round(
        cast(
            20 + 19 * least(1, (price_ratio - min_price_ratio) / min_price_ratio) as double
        ), 6
    ) as score,
    cast(
        case
            when gap_hours > 0 then 0.2
            when n_days < full_baseline then 0.3
            else 0.5
        end as double
    ) as confidence,
    hour_usd as notional_usd,
    entity || ': ' || cast(round(100 * price_ratio) as bigint)
    || ' % of its 12-hour price, the hour''s volume ' || cast(round(volume_ratio) as bigint)
    || ' times its 12-hour mean and above 30 days'' most, ' || hour_rush_orders
    || ' rush orders' as headline,
    to_json(struct_pack(
        last_price := last_price, price12 := price12, price_ratio := price_ratio,
        hour_volume := hour_volume, volume12 := volume12, volume_ratio := volume_ratio,
        max_volume := max_volume, max_ratio := max_ratio, daily_usd := daily_usd,
        n_days := n_days, n_hours := n_hours, n_hours12 := n_hours12, gap_hours := gap_hours,
        short_history := n_days < full_baseline,
        hour_rush_orders := hour_rush_orders, rush_orders := rush_orders,
        avg_rushes := avg_rushes, n_chunks := n_chunks, std_rush_orders := std_rush_orders,
        avg_rush_orders := avg_rush_orders, std_trades := std_trades, std_volume := std_volume,
        avg_volume := avg_volume, std_price := std_price, avg_price := avg_price,
        avg_price_max := avg_price_max, chunk_us := epoch_us(chunk_at)
    )) as evidence,
    concat_ws('|', 'crypto.pump', entity, epoch_ms(chunk_at)) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
