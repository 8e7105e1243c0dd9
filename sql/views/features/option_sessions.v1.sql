-- what:    Option volume up to each half-hour mark of the whole sessions to which the span is held.
-- grain:   one row per underlying, put_call, term and session with such trades, of the sessions
--          over before the span's last day, from 66 before its first on, of 0-DTE from 252; a
--          list's nth figure is what stood n half hours after the open; none where no half-hour
--          mark is in the span
-- status:  live
-- keep:    tick
-- needs:   1 session

with params as (
    select
        66 as reach_sessions,  -- 60, where the store lacks one here and there
        252 as zero_dte_reach_sessions  -- a year: many names have 0-DTE on Fridays alone
),

sessions as (
    select
        session_date, opens_at, closes_at,
        row_number() over in_order as place
    from curated.us_sessions
    where not is_half_session
    window in_order as (order by sequence)
),

places as (
    select max(sessions.place) as place
    from sessions
    cross join ops.clock as clock
    where sessions.closes_at < clock.since
),

wanted as (
    select
        sessions.session_date, sessions.place, sessions.closes_at,
        sessions.place > coalesce(places.place, 0) - params.reach_sessions as is_recent
    from sessions
    cross join params
    cross join places
    where sessions.place > coalesce(places.place, 0) - params.zero_dte_reach_sessions
),

-- Between two marks nobody asks, and nothing is compared; nor is a session that is not over.
hours as (
    select facts.*
    from features.option_half_hours as facts
    cross join ops.clock as clock
    where
        facts.half_hour < 13
        and facts.session_date < cast(timezone('America/New_York', clock.until) as date)
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
),

termed as (
    select
        hours.underlying, hours.put_call, hours.half_hour, wanted.place, wanted.session_date,
        wanted.closes_at, terms.term,
        case terms.term
            when 'all' then hours.volume
            when 'near' then hours.near_volume
            else hours.zero_dte_volume
        end as volume
    from hours
    inner join wanted
        on
            hours.session_date = wanted.session_date
            and (wanted.is_recent or hours.zero_dte_volume <> 0)
    inner join (values ('all'), ('near'), ('0dte')) as terms (term)
        on
            (wanted.is_recent and terms.term = 'all')
            or (wanted.is_recent and terms.term = 'near' and hours.near_volume <> 0)
            or (terms.term = '0dte' and hours.zero_dte_volume <> 0)
),

reaching as (
    select
        *,
        case when half_hour < 1 then 1 else 0 end as by_1,
        case when half_hour < 2 then 1 else 0 end as by_2,
        case when half_hour < 3 then 1 else 0 end as by_3,
        case when half_hour < 4 then 1 else 0 end as by_4,
        case when half_hour < 5 then 1 else 0 end as by_5,
        case when half_hour < 6 then 1 else 0 end as by_6,
        case when half_hour < 7 then 1 else 0 end as by_7,
        case when half_hour < 8 then 1 else 0 end as by_8,
        case when half_hour < 9 then 1 else 0 end as by_9,
        case when half_hour < 10 then 1 else 0 end as by_10,
        case when half_hour < 11 then 1 else 0 end as by_11,
        case when half_hour < 12 then 1 else 0 end as by_12,
        case when half_hour < 13 then 1 else 0 end as by_13
    from termed
),

sums as (
    select
        session_date, place, closes_at, underlying, put_call, term,
        [
            sum(volume * by_1), sum(volume * by_2), sum(volume * by_3), sum(volume * by_4),
            sum(volume * by_5), sum(volume * by_6), sum(volume * by_7), sum(volume * by_8),
            sum(volume * by_9), sum(volume * by_10), sum(volume * by_11), sum(volume * by_12),
            sum(volume * by_13)
        ] as volumes
    from reaching
    group by session_date, place, closes_at, underlying, put_call, term
)

select
    session_date,
    place,  -- counts the whole sessions of the calendar
    closes_at as known_at,
    underlying,
    put_call,
    term,  -- all, near: expiring within two months, 0dte: expiring that day
    cast(volumes as bigint[]) as volumes  -- contracts, at each of the 13 marks
from sums
