-- what:    How far a stock has moved by each minute of a session, since the day before and of late.
-- grain:   one row per symbol and minute of the session, as it was first told
-- scaled:  price
-- status:  live
-- needs:   20m, 4 sessions of features.price_levels, 0s of features.move_pace

with bars as (
    select
        bars.symbol, bars.session_date, bars.starts_at, bars.known_at,
        bars.close_split as price,
        bars.volume_split * bars.close_split as value_usd,
        sessions.previous_date,
        (epoch_us(bars.starts_at) - epoch_us(sessions.opens_at)) // 60_000_000 as nth_minute,
        row_number() over (
            partition by bars.session_date, bars.symbol, bars.starts_at
            order by bars.known_at, bars.source
        ) as nth
    from curated.equity_bars as bars
    inner join curated.us_sessions as sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1m'
        and bars.close_split is not null
        and bars.starts_at >= sessions.opens_at
        and bars.starts_at < sessions.closes_at
        and bars.known_at <= bars.starts_at + interval 4 minutes
),

-- A price of over three minutes before the moment is stale, rule book F1.
moved as (
    select
        bars.*,
        last_value(bars.price) over ago_5 as price_5,
        last_value(bars.price) over ago_15 as price_15
    from bars
    where bars.nth = 1
    window
        ago_5 as (
            partition by bars.symbol, bars.session_date order by bars.starts_at
            range between interval 8 minutes preceding and interval 5 minutes preceding
        ),
        ago_15 as (
            partition by bars.symbol, bars.session_date order by bars.starts_at
            range between interval 18 minutes preceding and interval 15 minutes preceding
        )
),

-- Each stretch in the half hour of its middle: after the open all minutes are livelier.
paced as (
    select
        moved.*,
        levels.close, levels.mean14, levels.sigma_d,
        pace_5.pace as pace_5,
        pace_15.pace as pace_15
    from moved
    left join features.price_levels as levels
        on
            moved.symbol = levels.symbol
            and moved.previous_date = levels.session_date
            and moved.known_at > levels.known_at
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
)

select
    symbol,
    session_date,
    starts_at,
    known_at,
    price,  -- USD for one share of the span's end
    round(value_usd) as value_usd,  -- traded in the minute
    round(100 * (price / nullif(close, 0) - 1), 6)
        as chg_day_pct,  -- since the close before; null where that is not known
    round(100 * (price / nullif(mean14, 0) - 1), 6)
        as chg_14d_pct,  -- over the mean of 14 closes, the founding formula
    round(100 * (price / nullif(price_5, 0) - 1), 6) as chg_5m_pct,  -- in 5 minutes
    round(100 * (price / nullif(price_15, 0) - 1), 6) as chg_15m_pct,  -- in 15 minutes
    sigma_d,  -- of a day's log return, up to the day before
    pace_15,  -- how lively that half hour usually is beside a session; null below 10 sessions
    round(
        ln(price / nullif(price_5, 0))
        / nullif(sigma_d * sqrt(5 / 390.0) * coalesce(pace_5, 1), 0), 6
    ) as z_5m,  -- standard deviations of 5 minutes at that time of day
    round(
        ln(price / nullif(price_15, 0))
        / nullif(sigma_d * sqrt(15 / 390.0) * coalesce(pace_15, 1), 0), 6
    ) as z_15m  -- standard deviations of 15 minutes at that time of day
from paced
