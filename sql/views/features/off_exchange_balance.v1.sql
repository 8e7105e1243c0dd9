-- rule:    E1, C3
-- what:    How far a stock's off-exchange value leans to buyers in five sessions.
-- grain:   one row per symbol and session with off-exchange prints, told five hours after the close
-- status:  live
-- needs:   1d, 6 sessions of features.off_exchange_flow

with params as (
    select
        interval 5 hours as max_wait,  -- all that FINRA, bars and the tape tell of a session is in
        0.2 as min_sided_frac  -- below it nothing is said, rule book C3
),

days as (
    select
        flow.symbol, flow.session_date,
        flow.known_at as told_at,
        sessions.closes_at + params.max_wait as known_at,
        sessions.sequence as place,
        cast(flow.total_usd as decimal(28, 2)) as total_usd,
        cast(flow.bull_usd as decimal(28, 2)) as bull_usd,
        cast(flow.bear_usd as decimal(28, 2)) as bear_usd,
        params.min_sided_frac
    from features.off_exchange_flow as flow
    cross join params
    inner join curated.us_sessions as sessions on flow.session_date = sessions.session_date
    where sessions.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
),

summed as (
    select
        symbol, session_date, known_at, told_at, place, min_sided_frac,
        cast(sum(total_usd) over last_five as double) as total_usd,
        cast(sum(bull_usd) over last_five as double) as bull_usd,
        cast(sum(bear_usd) over last_five as double) as bear_usd
    from days
    window
        last_five as (
            partition by symbol order by place range between 4 preceding and current row
        )
)

select
    symbol,
    session_date,
    known_at,
    told_at,  -- when the session's prints had all been told
    place,  -- of the session in the calendar
    total_usd,  -- off exchange, five sessions
    bull_usd,  -- begun by buyers, five sessions
    bear_usd,  -- begun by sellers, five sessions
    round((bull_usd - bear_usd) / nullif(total_usd, 0), 9) as balance,  -- -1 to 1
    round((bull_usd + bear_usd) / nullif(total_usd, 0), 9)
        as sided_frac,  -- of the value, that has a side
    coalesce((bull_usd + bear_usd) / nullif(total_usd, 0) < min_sided_frac, true)
        as is_few_sided  -- too little has a side for the balance to say anything
from summed
