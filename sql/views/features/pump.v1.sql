-- what:    Price and volume of 25 seconds against the half day and the month before the hour.
-- grain:   one row per venue, pair and chunk with a trade that is over; ratios are null without
--          history
-- status:  live
-- needs:   2h

with chunks as (
    select
        *,
        date_trunc('hour', chunk_at) as hour_at,
        sum(volume) over in_order as hour_volume,
        sum(notional) over in_order as hour_notional,
        sum(rush_orders) over in_order as hour_rush_orders
    from features.pump_chunks
    window
        in_order as (partition by venue, pair, date_trunc('hour', chunk_at) order by chunk_at)
)

select
    chunks.venue,
    chunks.pair,
    chunks.chunk_at,  -- the chunk's begin
    chunks.chunk_at + interval 25 seconds as known_at,  -- the chunk's end
    chunks.last_price,
    cast(chunks.hour_volume as double) as hour_volume,  -- base units since the hour began
    round(cast(chunks.hour_notional as double) * past.usd_rate, 2)
        as hour_usd,  -- dollars since the hour began
    cast(chunks.hour_rush_orders as bigint) as hour_rush_orders,  -- rush orders since then
    round(chunks.last_price / nullif(past.price12, 0), 6)
        as price_ratio,  -- close over the mean of 12 hours
    round(cast(chunks.hour_volume as double) / nullif(past.volume12, 0), 6)
        as volume_ratio,  -- the hour so far over a mean hour of the 12 before
    round(cast(chunks.hour_volume as double) / nullif(past.max_volume, 0), 6)
        as max_ratio,  -- the hour so far over the largest hour of 30 days
    past.price12,
    past.volume12,
    past.max_volume,
    past.n_hours12,
    past.n_hours,
    past.n_days,
    past.daily_usd,
    past.gap_hours,
    rushes.rush_orders,
    rushes.n_chunks,
    rushes.avg_rushes,
    rushes.std_rush_orders,
    rushes.avg_rush_orders,
    rushes.std_trades,
    rushes.std_volume,
    rushes.avg_volume,
    rushes.std_price,
    rushes.avg_price,
    rushes.avg_price_max
from chunks
left join features.pump_hours as past
    on
        chunks.venue = past.venue
        and chunks.pair = past.pair
        and chunks.hour_at = past.hour_at
left join features.rush_orders as rushes
    on
        chunks.venue = rushes.venue
        and chunks.pair = rushes.pair
        and chunks.chunk_at = rushes.chunk_at
where chunks.chunk_at + interval 25 seconds < (select clock.until from ops.clock as clock)
