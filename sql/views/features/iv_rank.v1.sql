-- rule:    A9
-- what:    Where an underlying's 30-day volatility stands in its own year.
-- grain:   one row per row of features.iv30 with a volatility; iv_rank and iv_percentile are null
--          below 126 sessions of history, iv_rank too where they are all alike
-- status:  live
-- needs:   263 sessions

with params as (
    select
        252 as max_sessions,  -- a year
        126 as min_sessions  -- half of one, rule book A9
),

days as (
    select
        underlying, calendar, session_date, sequence, closes_at, known_at, withdrawn_at, iv30
    from features.iv30
    where iv30 is not null
),

-- For each session of the year, the last volatility that stood when this one became known.
years as (
    select
        today.underlying, today.calendar, today.session_date, today.known_at,
        count(past.iv30) as n_sessions,
        min(past.iv30) as min_iv30,
        max(past.iv30) as max_iv30,
        sum(case when past.iv30 < today.iv30 then 1 else 0 end) as n_below
    from days as today
    cross join params
    left join days as past
        on
            today.underlying = past.underlying
            and today.calendar = past.calendar
            and past.sequence between today.sequence - params.max_sessions and today.sequence - 1
            and today.known_at >= past.known_at
            and coalesce(today.known_at < past.withdrawn_at, true)
    group by today.underlying, today.calendar, today.session_date, today.known_at
)

select
    days.underlying,
    days.session_date,
    days.known_at,
    days.withdrawn_at,
    days.iv30,  -- annualised fraction
    case
        when years.n_sessions >= params.min_sessions
            then round(
                100 * (days.iv30 - years.min_iv30) / nullif(years.max_iv30 - years.min_iv30, 0), 6
            )
    end as iv_rank,  -- percent of the way from the year's lowest to its highest; may lie outside
    case
        when years.n_sessions >= params.min_sessions
            then round(100 * cast(years.n_below as double) / years.n_sessions, 6)
    end as iv_percentile,  -- percent of the year's sessions that were lower
    years.n_sessions,  -- sessions of the year before with a volatility
    years.min_iv30,  -- the lowest of them
    years.max_iv30,  -- the highest of them
    days.calendar,
    days.closes_at
from days
cross join params
inner join years
    on
        days.underlying = years.underlying
        and days.calendar = years.calendar
        and days.session_date = years.session_date
        and days.known_at = years.known_at
