-- what:    Shares of a stock told from the open to each half-hour mark, and in the whole session.
-- grain:   one row per symbol, whole session and mark; 13 is the session's own bar as it was first
--          told, within five days; half sessions have none, since nothing is like them
-- scaled:  ratio
-- status:  live
-- needs:   1 session

with params as (
    select interval 5 days as max_delay  -- of a session's bar; later ones enter no baseline
),

sessions as (
    select
        session_date, opens_at, closes_at,
        row_number() over in_order as place
    from curated.us_sessions
    where not is_half_session
    window in_order as (order by sequence)
),

reached as (
    select
        hours.session_date, hours.symbol, numbers.mark,
        min(hours.security_id) as security_id,
        max(hours.shares_date) as shares_date,
        sum(hours.volume) as volume,
        sum(hours.value_usd) as value_usd
    from features.volume_half_hours as hours
    inner join (
        values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)
    ) as numbers (mark) on hours.half_hour < numbers.mark
    group by hours.session_date, hours.symbol, numbers.mark
),

marks as (
    select
        reached.*,
        sessions.place,
        sessions.opens_at + reached.mark * interval 30 minutes as known_at
    from reached
    inner join sessions on reached.session_date = sessions.session_date
    cross join ops.clock as clock
    where sessions.opens_at + reached.mark * interval 30 minutes < clock.until
),

-- A correction comes later than it was compared; it must not change what was said of the first.
days as (
    select
        *,
        row_number() over (partition by session_date, symbol order by known_at, source) as nth
    from curated.told_bars
    where bar = '1d'
),

told as (
    select
        session_date, symbol, mark, security_id, shares_date, place, known_at,
        cast(volume as double) as volume,
        cast(value_usd as double) as value_usd
    from marks
    union all
    select
        days.session_date, days.symbol,
        13 as mark,
        days.security_id, days.shares_date, sessions.place, days.known_at,
        cast(days.volume as double) as volume,
        cast(days.volume as double) * cast(days.close as double) as value_usd
    from days
    inner join sessions on days.session_date = sessions.session_date
    cross join params
    where days.nth = 1 and days.known_at <= sessions.closes_at + params.max_delay
)

select
    told.session_date,
    told.place,  -- counts the whole sessions of the calendar
    told.mark,  -- half hours since the open; 13 is the session's own bar, with its auctions
    told.known_at,  -- the mark, or when the bar was told
    told.symbol,
    told.volume,  -- shares, as their source tells them
    round(told.value_usd) as value_usd,
    coalesce(splits.ratio, 1) as ratio  -- shares of the span's end for one of these
from told
left join curated.split_ratios as splits
    on
        told.security_id = splits.security_id
        and told.shares_date >= splits.from_date
        and told.shares_date < splits.to_date
