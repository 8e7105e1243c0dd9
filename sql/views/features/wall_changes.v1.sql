-- what:    Changes of levels and orders that are worth enough for a wall, beside what is usual.
-- grain:   one row per event of features.book_events after or before which the level, or the order
--          where the venue shows them, is worth half of a wall's floor
-- status:  live
-- keep:    rolling
-- needs:   0s, 2m of features.book_size_baselines, 26h of features.quote_rates

with params as (
    select
        250_000 as min_notional_usd,  -- rule book B4
        0.05 as min_depth_frac,  -- rule book B4
        10 as min_median_ratio,  -- rule book B4
        200 as max_dist_bps,  -- rule book B4: it is held against the depth within 2 %
        0.5 as left_frac,  -- a wall is gone below half of its floors; a guess
        20 as min_obs,  -- rule book 0.3: below it a median says nothing
        interval 1 day as max_age  -- of a coin's rate; a guess
),

events as (
    select
        *,
        split_part(pair, '-', 2) as quote_coin,
        date_trunc('hour', received_at) as hour_at,
        date_trunc('minute', received_at) as minute_at,
        case
            when book_side = 1 then coalesce(bid_size_200bps, bid_size_all)
            else coalesce(ask_size_200bps, ask_size_all)
        end as side_depth
    from features.book_events
    where band_bps is not null
),

asked as (
    select
        venue, quote_coin, hour_at
    from events
    group by venue, quote_coin, hour_at
),

rates as (
    select
        asked.venue, asked.quote_coin, asked.hour_at,
        case
            when dollars.coin is not null then 1
            when asked.hour_at - rates.known_at <= params.max_age then rates.usd_rate
        end as usd_rate
    from asked
    cross join params
    left join curated.dollar_coins as dollars on asked.quote_coin = dollars.coin
    asof left join features.quote_rates as rates
        on
            asked.venue = rates.venue
            and asked.quote_coin = rates.coin
            and asked.hour_at >= rates.known_at
),

weighed as (
    select
        events.*,
        params.min_notional_usd, params.min_depth_frac, params.min_median_ratio,
        params.max_dist_bps, params.left_frac, params.min_obs,
        round(events.size * events.price * rates.usd_rate, 2) as notional_usd,
        round(events.prev_size * events.price * rates.usd_rate, 2) as prev_notional_usd,
        round(events.size / nullif(events.side_depth, 0), 9) as depth_frac,
        round(
            events.prev_size
            / nullif(events.side_depth + events.prev_size - events.size, 0), 9
        ) as prev_depth_frac
    from events
    cross join params
    inner join rates
        on
            events.venue = rates.venue
            and events.quote_coin = rates.quote_coin
            and events.hour_at = rates.hour_at
    where
        greatest(events.size, events.prev_size) * events.price * rates.usd_rate
        >= params.left_frac * params.min_notional_usd
)

select
    weighed.venue,
    weighed.pair,
    weighed.received_at,  -- when its message came
    weighed.known_at,  -- 250 ms after it was received
    weighed.order_event,  -- add, increase, decrease or remove
    weighed.book_side,
    weighed.price,  -- quote currency
    weighed.order_id,  -- null where the venue shows levels only
    weighed.size,  -- base units of the level or the order after it
    weighed.prev_size,  -- base units before it
    weighed.change_size,  -- base units that came or left
    weighed.exec_size,  -- base units of what left that trades explain
    weighed.cancel_size,  -- base units of what left that trades do not
    weighed.mid,  -- quote currency, after the whole message
    weighed.dist_bps,  -- of price from mid, positive away from it on the own side
    weighed.band_bps,  -- lower bound of its distance: 0, 10, 50 or 200
    weighed.notional_usd,  -- of size
    weighed.side_depth,  -- base units within 200 bps of the mid, else all that is known
    weighed.depth_frac,  -- size over side_depth, 0 to 1
    baselines.median_size,  -- base units, of what was added to its side and band in the day before
    coalesce(baselines.n_obs, 0) as n_obs,  -- of these
    coalesce(
        weighed.notional_usd >= weighed.min_notional_usd
        and weighed.depth_frac >= weighed.min_depth_frac
        and weighed.dist_bps <= weighed.max_dist_bps,
        false
    ) as is_wide,  -- it is over both floors of a wall now, and near enough
    coalesce(
        weighed.size >= weighed.min_median_ratio * baselines.median_size
        and baselines.n_obs >= weighed.min_obs,
        false
    ) as is_large,  -- 10 times the median; false where nothing came to its side and band
    coalesce(
        weighed.notional_usd >= weighed.left_frac * weighed.min_notional_usd
        and weighed.depth_frac >= weighed.left_frac * weighed.min_depth_frac,
        false
    ) as is_standing,  -- over half of both floors now
    coalesce(
        weighed.prev_notional_usd >= weighed.left_frac * weighed.min_notional_usd
        and weighed.prev_depth_frac >= weighed.left_frac * weighed.min_depth_frac,
        false
    ) as was_standing,  -- over half of both floors before
    weighed.epoch,
    weighed.update_id,
    weighed.sequence
from weighed
left join features.book_size_baselines as baselines
    on
        weighed.venue = baselines.venue
        and weighed.pair = baselines.pair
        and weighed.book_side = baselines.book_side
        and weighed.band_bps = baselines.band_bps
        and weighed.minute_at = baselines.minute_at
        and weighed.received_at >= baselines.known_at
