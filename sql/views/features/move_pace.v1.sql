-- what:    How lively each half hour of a stock's session usually is, beside the whole session.
-- grain:   one row per symbol, session of the span and half hour; half sessions are no usual ones
-- status:  live
-- needs:   0s, 22 sessions of features.move_half_hours

with params as (
    select
        20 as n_sessions,  -- rule book F1
        10 as min_sessions  -- a plain mean needs 10, rule book 0.3
),

asked as (
    select sessions.*
    from curated.us_sessions as sessions
    cross join ops.clock as clock
    where
        sessions.closes_at >= clock.since - interval 1 day
        and sessions.opens_at < clock.until
),

past as (
    select
        asked.session_date,
        asked.opens_at,
        sessions.session_date as past_date
    from asked
    cross join params
    inner join curated.us_sessions as sessions
        on
            asked.sequence > sessions.sequence
            and asked.sequence - params.n_sessions <= sessions.sequence
    where not sessions.is_half_session
),

halves as (
    select
        hours.symbol, past.session_date, past.opens_at, hours.half_hour,
        count(distinct hours.session_date) as n_sessions,
        cast(sum(hours.squares) as double) as squares,
        sum(hours.n_minutes) as n_minutes
    from past
    inner join features.move_half_hours as hours
        on
            past.past_date = hours.session_date
            and past.opens_at > hours.known_at
    group by hours.symbol, past.session_date, past.opens_at, hours.half_hour
),

wholes as (
    select
        symbol, session_date,
        sum(squares) / nullif(sum(n_minutes), 0) as variance
    from halves
    group by symbol, session_date
)

select
    halves.symbol,
    halves.session_date,  -- the session that is held against those before
    halves.half_hour,  -- since the open, from 0
    halves.opens_at as known_at,
    halves.n_sessions,  -- of the 20 before that have such a half hour
    round(
        case
            when halves.n_sessions >= params.min_sessions
                then sqrt(halves.squares / nullif(halves.n_minutes, 0) / nullif(wholes.variance, 0))
        end, 6
    ) as pace  -- volatility over the session's own, 1 on average; null below 10 sessions
from halves
cross join params
inner join wholes
    on halves.symbol = wholes.symbol and halves.session_date = wholes.session_date
