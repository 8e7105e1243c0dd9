-- what:    How far each watched symbol has moved by each of its bars, over minutes and days.
-- grain:   one row per symbol and bar of features.watch_bars; in the first minutes of a session
--          what has no price so long ago is held against the close before (a gap)
-- scope:   symbol of curated.watchlists
-- scaled:  price
-- status:  live
-- keep:    tick
-- needs:   2h, 4 sessions of features.watch_levels, 0s of features.move_pace

with params as (
    select
        interval 3 minutes as max_age,  -- a minute may lack its trade, rule book F1
        5.178571 as variance_14d  -- of a price over the mean of 14 closes, in those of a day
),

bars as (
    select
        *,
        case when symbol like '%:%' then 1440 else 390 end as day_minutes,
        case when bar = '1m' then (epoch_us(starts_at) - epoch_us(opens_at)) // 60_000_000 end
            as nth_minute
    from features.watch_bars
),

-- After a halt, or in a name that trades seldom, the last price is older than it should be.
seen as (
    select
        *,
        last_value(starts_at) over ago_5 as ago_5m_at,
        last_value(price) over ago_5 as price_5m,
        last_value(starts_at) over ago_15 as ago_15m_at,
        last_value(price) over ago_15 as price_15m,
        last_value(starts_at) over ago_60 as ago_60m_at,
        last_value(price) over ago_60 as price_60m
    from bars
    window
        ago_5 as (
            partition by symbol, bar order by starts_at
            range between interval 65 minutes preceding and interval 5 minutes preceding
        ),
        ago_15 as (
            partition by symbol, bar order by starts_at
            range between interval 75 minutes preceding and interval 15 minutes preceding
        ),
        ago_60 as (
            partition by symbol, bar order by starts_at
            range between interval 120 minutes preceding and interval 60 minutes preceding
        )
),

leveled as (
    select
        seen.*,
        levels.sigma_d,
        case
            when seen.price_full is not null and levels.close_full is not null
                then seen.price_full / nullif(levels.close_full, 0)
            else seen.price / nullif(levels.close, 0)
        end as day_ratio,
        case
            when seen.price_full is not null and levels.mean14_full is not null
                then seen.price_full / nullif(levels.mean14_full, 0)
            else seen.price / nullif(levels.mean14, 0)
        end as ratio_14d
    from seen
    left join features.watch_levels as levels
        on
            seen.symbol = levels.symbol
            and seen.previous_date = levels.session_date
            and seen.known_at > levels.known_at
),

-- The ratio to the price then, or to the close before, and how many minutes lie between; a price
-- that is a little older than it should be is taken for one of that age.
moved as (
    select
        leveled.*,
        case
            when leveled.ago_5m_at is not null
                then leveled.price / nullif(leveled.price_5m, 0)
            when leveled.nth_minute < 5 then leveled.day_ratio
        end as ratio_5m,
        case
            when leveled.ago_15m_at is not null
                then leveled.price / nullif(leveled.price_15m, 0)
            when leveled.nth_minute < 15 then leveled.day_ratio
        end as ratio_15m,
        case
            when leveled.ago_60m_at is not null
                then leveled.price / nullif(leveled.price_60m, 0)
            when leveled.nth_minute < 60 then leveled.day_ratio
        end as ratio_60m,
        case
            when leveled.starts_at <= leveled.ago_5m_at + interval 5 minutes + params.max_age then 5
            else (epoch_us(leveled.starts_at) - epoch_us(leveled.ago_5m_at)) / 6e7
        end as minutes_5m,
        case
            when leveled.starts_at <= leveled.ago_15m_at + interval 15 minutes + params.max_age
                then 15
            else (epoch_us(leveled.starts_at) - epoch_us(leveled.ago_15m_at)) / 6e7
        end as minutes_15m,
        case
            when leveled.starts_at <= leveled.ago_60m_at + interval 60 minutes + params.max_age
                then 60
            else (epoch_us(leveled.starts_at) - epoch_us(leveled.ago_60m_at)) / 6e7
        end as minutes_60m,
        params.variance_14d
    from leveled
    cross join params
),

-- The volatility between: of the half hour in whose middle the minutes lie, or of a whole day.
spread as (
    select
        moved.*,
        moved.sigma_d * coalesce(
            sqrt(moved.minutes_5m / moved.day_minutes) * coalesce(pace_5.pace, 1), 1
        ) as sigma_5m,
        moved.sigma_d * coalesce(
            sqrt(moved.minutes_15m / moved.day_minutes) * coalesce(pace_15.pace, 1), 1
        ) as sigma_15m,
        moved.sigma_d * coalesce(
            sqrt(moved.minutes_60m / moved.day_minutes) * coalesce(pace_60.pace, 1), 1
        ) as sigma_60m
    from moved
    left join features.move_pace as pace_5
        on
            moved.symbol = pace_5.symbol
            and moved.session_date = pace_5.session_date
            and greatest(moved.nth_minute - 2, 0) // 30 = pace_5.half_hour
    left join features.move_pace as pace_15
        on
            moved.symbol = pace_15.symbol
            and moved.session_date = pace_15.session_date
            and greatest(moved.nth_minute - 7, 0) // 30 = pace_15.half_hour
    left join features.move_pace as pace_60
        on
            moved.symbol = pace_60.symbol
            and moved.session_date = pace_60.session_date
            and greatest(moved.nth_minute - 30, 0) // 30 = pace_60.half_hour
)

select
    symbol,
    session_date,
    previous_date,  -- the session before
    bar,  -- 1m, or 1d where no minute of the session was told
    starts_at,
    known_at,
    nth_minute,  -- since the open, from 0; null of a session's own bar
    price,  -- USD for one share of the span's end; of a pair its quote currency
    round(100 * (ratio_14d - 1), 6)
        as chg_14d_pct,  -- over the mean of the 14 closes before, the founding formula
    round(100 * (day_ratio - 1), 6) as chg_day_pct,  -- since the close before
    round(100 * (ratio_5m - 1), 6) as chg_5m_pct,  -- in 5 minutes
    round(100 * (ratio_15m - 1), 6) as chg_15m_pct,  -- in 15 minutes
    round(100 * (ratio_60m - 1), 6) as chg_60m_pct,  -- in 60 minutes
    ago_5m_at,  -- the minute held against; null is the close before
    ago_15m_at,  -- the minute held against; null is the close before
    ago_60m_at,  -- the minute held against; null is the close before
    sigma_d,  -- of a day's log return, up to the day before
    round(ln(ratio_14d) / nullif(sigma_d * sqrt(variance_14d), 0), 6)
        as z_14d,  -- standard deviations of a price over the mean of 14 closes
    round(ln(day_ratio) / nullif(sigma_d, 0), 6) as z_day,  -- standard deviations of a day
    round(ln(ratio_5m) / nullif(sigma_5m, 0), 6)
        as z_5m,  -- of 5 minutes at this time of the day
    round(ln(ratio_15m) / nullif(sigma_15m, 0), 6)
        as z_15m,  -- of 15 minutes at this time of the day
    round(ln(ratio_60m) / nullif(sigma_60m, 0), 6)
        as z_60m  -- of 60 minutes at this time of the day
from spread
