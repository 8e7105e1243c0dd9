-- rule:    A16
-- what:    How near a session is to a company's earnings and dividends, as known before it opened.
-- grain:   one row per underlying and session of the span from 66 sessions before a report that is
--          known to 2 after it, or within 2 of a dividend's ex-date; who has no row, or null days,
--          has no known report, which is not one far away
-- status:  live

with params as (
    select
        66 as max_sessions_ahead,  -- a quarter: the next report but one is nobody's business yet
        7 as near_sessions,  -- vendors mark a week, rule book A16
        14 as far_sessions,  -- and two
        2 as after_sessions,  -- what follows a report is its echo; rule book A16
        2 as ex_div_sessions  -- each side of the first session without the dividend; rule book A16
),

-- Out after the close of a session it falls into that one, and the next is the first to react.
reports as (
    select
        told.event_id, told.entity, told.known_at, told.withdrawn_at,
        min(
            case
                when
                    sessions.session_date
                    >= cast(timezone('America/New_York', told.reports_at) as date)
                    then sessions.sequence
            end
        ) as report_sequence,
        min(case when sessions.opens_at >= told.reports_at then sessions.sequence end)
            as reaction_sequence
    from curated.earnings as told
    inner join curated.us_sessions as sessions
        on
            told.reports_at - interval 1 day <= sessions.closes_at
            and told.reports_at + interval 10 days >= sessions.opens_at
    group by told.event_id, told.entity, told.known_at, told.withdrawn_at
),

asked as (
    select sessions.*
    from curated.us_sessions as sessions
    cross join ops.clock as clock
    where sessions.closes_at >= clock.since and sessions.opens_at < clock.until
),

near as (
    select
        reports.entity as underlying,
        asked.session_date, asked.opens_at,
        min(
            case
                when reports.reaction_sequence > asked.sequence
                    then reports.report_sequence - asked.sequence
            end
        ) as days_to_earnings,
        min(
            case
                when reports.reaction_sequence <= asked.sequence
                    then asked.sequence - reports.reaction_sequence
            end
        ) as days_since_earnings
    from asked
    cross join params
    inner join reports
        on
            asked.opens_at >= reports.known_at
            and coalesce(asked.opens_at < reports.withdrawn_at, true)
            and asked.sequence >= reports.report_sequence - params.max_sessions_ahead
            and asked.sequence <= reports.reaction_sequence + params.after_sessions
    group by reports.entity, asked.session_date, asked.opens_at
),

-- Calls deep in the money are traded for the dividend, in the sessions around its ex-date.
ex_dates as (
    select
        dividends.symbol, dividends.known_at, dividends.withdrawn_at,
        min(sessions.sequence) as ex_sequence
    from curated.dividends as dividends
    inner join curated.us_sessions as sessions
        on
            dividends.ex_date <= sessions.session_date
            and dividends.ex_date + 10 >= sessions.session_date
    group by
        dividends.symbol, dividends.ex_date, dividends.known_at, dividends.withdrawn_at
),

dividends as (
    select
        ex_dates.symbol as underlying,
        asked.session_date, asked.opens_at
    from asked
    cross join params
    inner join ex_dates
        on
            asked.opens_at >= ex_dates.known_at
            and coalesce(asked.opens_at < ex_dates.withdrawn_at, true)
            and abs(asked.sequence - ex_dates.ex_sequence) <= params.ex_div_sessions
    group by ex_dates.symbol, asked.session_date, asked.opens_at
),

known as (
    select
        underlying, session_date, opens_at
    from near
    union
    select
        underlying, session_date, opens_at
    from dividends
),

tagged as (
    select
        known.*,
        near.days_to_earnings, near.days_since_earnings,
        coalesce(near.days_to_earnings = 0, false) as is_earnings_day,
        coalesce(near.days_to_earnings between 1 and params.near_sessions, false)
            as is_pre_earnings,
        coalesce(
            near.days_to_earnings between params.near_sessions + 1 and params.far_sessions, false
        ) as is_far_pre_earnings,
        near.days_since_earnings is not null as is_post_earnings,
        dividends.underlying is not null as is_ex_div
    from known
    cross join params
    left join near
        on known.underlying = near.underlying and known.session_date = near.session_date
    left join dividends
        on known.underlying = dividends.underlying and known.session_date = dividends.session_date
)

select
    underlying,  -- the ticker that the event names
    session_date,
    opens_at as known_at,  -- the open: what is told later is known to the next session
    days_to_earnings,  -- sessions to the next report; 0 where it follows this session's close
    days_since_earnings,  -- sessions since the first that could react to the last one
    is_earnings_day,  -- the report follows this session, or comes in it
    is_pre_earnings,  -- 1 to 7 sessions before
    is_far_pre_earnings,  -- 8 to 14 sessions before
    is_post_earnings,  -- 0 to 2 sessions after
    is_ex_div,  -- within 2 sessions of the first one without a dividend
    is_earnings_day or is_pre_earnings as is_capped,  -- detectors say medium at most
    nullif(
        concat_ws(
            ' ',
            case when is_earnings_day then 'earnings_day' end,
            case when is_pre_earnings then 'pre_earnings' end,
            case when is_far_pre_earnings then 'far_pre_earnings' end,
            case when is_post_earnings then 'post_earnings' end,
            case when is_ex_div then 'ex_div' end
        ), ''
    ) as tags  -- which of these it is, null if none
from tagged
