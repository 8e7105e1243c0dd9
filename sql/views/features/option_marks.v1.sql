-- what:    Option volume and premium from a session's open to each half-hour mark in the span.
-- grain:   one row per underlying, put_call, term, whole session and mark with volume; half
--          sessions have none, since nothing is like them
-- status:  live
-- keep:    tick
-- needs:   1 session

with sessions as (
    select
        session_date, opens_at, closes_at,
        row_number() over in_order as place
    from curated.us_sessions
    where not is_half_session
    window in_order as (order by sequence)
),

marks as (
    select
        sessions.session_date, sessions.place, numbers.mark,
        sessions.opens_at + numbers.mark * interval 30 minutes as mark_at
    from sessions
    cross join (
        values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13)
    ) as numbers (mark)
    cross join ops.clock as clock
    where
        sessions.closes_at >= clock.since
        and sessions.opens_at + numbers.mark * interval 30 minutes < clock.until
),

-- Between two marks there is nothing to tell, and nothing to compare.
hours as (
    select facts.*
    from features.option_half_hours as facts
    cross join ops.clock as clock
    where
        (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
),

reached as (
    select
        marks.session_date, marks.place, marks.mark, marks.mark_at,
        hours.underlying, hours.put_call,
        sum(hours.volume) as volume,
        sum(hours.near_volume) as near_volume,
        sum(hours.zero_dte_volume) as zero_dte_volume,
        sum(hours.package_volume) as package_volume,
        sum(hours.premium_usd) as premium_usd,
        sum(hours.near_premium_usd) as near_premium_usd,
        sum(hours.zero_dte_premium_usd) as zero_dte_premium_usd
    from hours
    inner join marks
        on hours.session_date = marks.session_date and hours.half_hour < marks.mark
    group by
        marks.session_date, marks.place, marks.mark, marks.mark_at,
        hours.underlying, hours.put_call
),

termed as (
    select
        *,
        volume as all_volume,
        'all' as term
    from reached
    union all
    select
        * replace (near_volume as volume, near_premium_usd as premium_usd),
        volume as all_volume,
        'near' as term
    from reached
    union all
    select
        * replace (zero_dte_volume as volume, zero_dte_premium_usd as premium_usd),
        volume as all_volume,
        '0dte' as term
    from reached
)

select
    session_date,
    place,  -- counts the whole sessions of the calendar
    mark,  -- half hours since the open, 1 to 13
    mark_at as known_at,  -- the moment of the mark
    underlying,
    put_call,
    term,  -- all, near: expiring within two months, 0dte: expiring that day
    cast(volume as bigint) as volume,  -- contracts that stood at the mark
    cast(premium_usd as bigint) as premium_usd,
    cast(all_volume as bigint) as all_volume,  -- contracts of all terms
    cast(package_volume as bigint) as package_volume  -- contracts of all terms in packages
from termed
where volume > 0
