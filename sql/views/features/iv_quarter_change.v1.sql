-- rule:    A8
-- what:    Change of an underlying's 30-day volatility over a quarter of an hour, beside its usual
--          change in that quarter of a session.
-- grain:   one row per underlying, session and quarter of an hour of the span that is over, where
--          the one before it was told too; jump_z is null below 20 such changes in 60 sessions
-- status:  live
-- needs:   61 sessions

with params as (
    select
        60 as max_sessions,  -- a quarter of a year, rule book A8
        20 as min_changes,  -- below it no z, rule book 0.3
        interval 30 minutes as max_after  -- from then on files tell the close
),

-- Between two quarters there is nothing to tell, and nothing to compare.
quarters as (
    select
        facts.*,
        sessions.sequence, sessions.closes_at,
        (facts.quarter_id * 900_000_000 - epoch_us(sessions.opens_at)) // 900_000_000 as nth,
        timestamptz '1970-01-01 00:00Z' + (facts.quarter_id + 1) * interval 15 minutes as told_at
    from features.iv_quarters as facts
    cross join params
    cross join ops.clock as clock
    inner join curated.sessions as sessions
        on facts.calendar = sessions.calendar and facts.session_date = sessions.session_date
    where
        facts.iv30 is not null
        and facts.known_at >= sessions.opens_at
        and facts.known_at < sessions.closes_at + params.max_after
        and (epoch_us(clock.until) - 1) // 900_000_000
        > (epoch_us(clock.since) - 1) // 900_000_000
),

changes as (
    select
        newer.*,
        older.iv30 as previous_iv30,
        ln(newer.iv30 / older.iv30) as d_iv
    from quarters as newer
    cross join ops.clock as clock
    inner join quarters as older
        on
            newer.underlying = older.underlying
            and newer.calendar = older.calendar
            and newer.session_date = older.session_date
            and newer.quarter_id - 1 = older.quarter_id
    where newer.told_at < clock.until
),

asked as (
    select changes.*
    from changes
    cross join ops.clock as clock
    where changes.told_at >= clock.since
),

history as (
    select
        asked.underlying, asked.calendar, asked.session_date, asked.quarter_id,
        past.d_iv
    from asked
    cross join params
    inner join changes as past
        on
            asked.underlying = past.underlying
            and asked.calendar = past.calendar
            and asked.nth = past.nth
            and past.sequence between asked.sequence - params.max_sessions and asked.sequence - 1
),

medians as (
    select
        underlying, calendar, session_date, quarter_id,
        count(*) as n_changes,
        median(d_iv) as middle,
        max(d_iv) as max_d_iv
    from history
    group by underlying, calendar, session_date, quarter_id
),

deviations as (
    select
        history.underlying, history.calendar, history.session_date, history.quarter_id,
        median(abs(history.d_iv - medians.middle)) as mad
    from history
    inner join medians
        on
            history.underlying = medians.underlying
            and history.calendar = medians.calendar
            and history.session_date = medians.session_date
            and history.quarter_id = medians.quarter_id
    group by history.underlying, history.calendar, history.session_date, history.quarter_id
)

select
    asked.underlying,
    asked.session_date,
    asked.nth,  -- quarters of an hour since the open, the first is 0
    asked.told_at as known_at,  -- the end of the quarter
    asked.iv30,  -- annualised fraction
    asked.previous_iv30,  -- a quarter of an hour before
    asked.iv30_error,  -- half of what lies between the volatilities of bid and ask
    round(asked.d_iv, 9) as d_iv,  -- the logarithm of their quotient
    coalesce(medians.n_changes, 0) as n_changes,  -- in that quarter of the 60 sessions before
    round(medians.middle, 9) as middle,  -- their median
    round(deviations.mad, 9) as mad,  -- the median of their distances from it
    round(medians.max_d_iv, 9) as max_d_iv,  -- the largest of them
    case
        when medians.n_changes >= params.min_changes
            then round(
                0.6745 * (asked.d_iv - medians.middle) / nullif(round(deviations.mad, 9), 0), 6
            )
    end as jump_z,  -- modified z of d_iv
    asked.vega_traded_usd,  -- USD per 1.00 of volatility, of the session so far
    asked.calendar
from asked
cross join params
left join medians
    on
        asked.underlying = medians.underlying
        and asked.calendar = medians.calendar
        and asked.session_date = medians.session_date
        and asked.quarter_id = medians.quarter_id
left join deviations
    on
        asked.underlying = deviations.underlying
        and asked.calendar = deviations.calendar
        and asked.session_date = deviations.session_date
        and asked.quarter_id = deviations.quarter_id
