-- what:    Shares of a stock traded in each half hour of a session, as told a minute after its end.
-- grain:   one row per session, symbol, known_date and half hour but the last, which has the close;
--          what is told or corrected later than that minute is left out
-- status:  live
-- keep:    partials
-- needs:   0s

with params as (
    select interval 1 minute as max_delay  -- of the last minute's bar; who counts later sees less
),

bars as (
    select
        bars.session_date, bars.symbol, bars.security_id, bars.known_at, bars.withdrawn_at,
        bars.volume, bars.shares_date,
        cast(bars.volume as double) * cast(bars.close as double) as value_usd,
        sessions.opens_at,
        1 + (epoch_us(bars.starts_at) - epoch_us(sessions.opens_at)) // 1_800_000_000 as half_hour
    from curated.told_bars as bars
    inner join curated.us_sessions as sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1m'
        and bars.starts_at >= sessions.opens_at
        and bars.starts_at < sessions.closes_at
),

timely as (
    select
        bars.*,
        bars.opens_at + bars.half_hour * interval 30 minutes + params.max_delay as told_at
    from bars
    cross join params
    where
        bars.half_hour < 13
        and bars.known_at <= bars.opens_at + bars.half_hour * interval 30 minutes + params.max_delay
)

select
    session_date,
    symbol,
    cast(timezone('UTC', told_at) as date) as known_date,  -- the UTC day of known_at
    half_hour,  -- of the session, from 1
    told_at as known_at,  -- a minute after the half hour
    min(security_id) as security_id,
    cast(sum(volume) as decimal(28, 4)) as volume,  -- in the shares of shares_date
    max(shares_date) as shares_date,  -- the session, or to which day the source adjusts it
    cast(round(sum(value_usd)) as bigint) as value_usd  -- at each minute's close
from timely
where coalesce(withdrawn_at > told_at, true)
group by session_date, symbol, cast(timezone('UTC', told_at) as date), half_hour, told_at
