-- what:    How lively a stock's minutes were in each half hour of a session: squares of returns.
-- grain:   one row per session, symbol, known_date and half hour; a minute counts in the one in
--          which it was told, as it stood at its end, and in the last one the session's last too
-- status:  live
-- keep:    partials
-- needs:   0s

with minutes as (
    select
        bars.*,
        sessions.opens_at,
        least(
            (epoch_us(bars.known_at) - epoch_us(sessions.opens_at)) // 1_800_000_000, 12
        ) as half_hour,
        ln(cast(bars.close as double) / cast(bars.open as double)) as step
    from curated.told_bars as bars
    inner join curated.us_sessions as sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1m'
        and bars.open is not null
        and bars.starts_at >= sessions.opens_at
        and bars.starts_at < sessions.closes_at
        and bars.known_at <= bars.starts_at + interval 4 minutes
)

select
    session_date,
    symbol,
    cast(timezone('UTC', known_at) as date) as known_date,  -- the UTC day of known_at
    half_hour,  -- since the open, from 0
    max(known_at) as known_at,
    count(*) as n_minutes,  -- with an open and a close
    sum(cast(step * step * 1e8 as decimal(28, 6)))
        as squares  -- of log returns from each minute's open to its close, in squared basis points
from minutes
where coalesce(withdrawn_at >= opens_at + (half_hour + 1) * interval 30 minutes, true)
group by session_date, symbol, cast(timezone('UTC', known_at) as date), half_hour
