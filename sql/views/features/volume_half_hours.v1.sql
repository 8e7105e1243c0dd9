-- what:    Shares of a stock whose minutes became known in each half hour of a session.
-- grain:   one row per session, symbol, known_date and half hour; a minute counts as it stood at
--          the end of the half hour in which it was told, and again where the next one corrects
--          it; what is told half an hour late is left out
-- status:  live
-- keep:    partials
-- needs:   0s

with bars as (
    select
        bars.*,
        sessions.opens_at,
        (epoch_us(bars.known_at) - epoch_us(sessions.opens_at)) // 1_800_000_000 as half_hour
    from curated.told_bars as bars
    inner join curated.us_sessions as sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1m'
        and bars.starts_at >= sessions.opens_at
        and bars.known_at < sessions.closes_at
        and bars.known_at <= bars.starts_at + interval 31 minutes
)

select
    session_date,
    symbol,
    cast(timezone('UTC', known_at) as date) as known_date,  -- the UTC day of known_at
    half_hour,  -- since the open, from 0
    max(known_at) as known_at,
    min(security_id) as security_id,
    cast(sum(volume) as decimal(28, 4)) as volume,  -- in the shares of shares_date
    max(shares_date) as shares_date,  -- the session, or to which day the source adjusts it
    cast(round(sum(cast(volume as decimal(20, 4)) * close)) as bigint)
        as value_usd  -- at each minute's close
from bars
where coalesce(withdrawn_at >= opens_at + (half_hour + 1) * interval 30 minutes, true)
group by session_date, symbol, cast(timezone('UTC', known_at) as date), half_hour
