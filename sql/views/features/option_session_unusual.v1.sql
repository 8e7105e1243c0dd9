-- rule:    A21
-- what:    How unusual an underlying's options were by a session's close, and which way.
-- grain:   one row per underlying and whole session with prints, of the span and of the 26 days
--          before it; as the last mark of features.option_unusual; unusual is null with fewer
--          than three figures of at least 60 sessions of history
-- status:  live
-- needs:   280 sessions

with params as (
    select
        interval 26 days as max_age,  -- as in features.score_components
        252 as rank_sessions,  -- a year, rule book 0.4
        60 as min_obs,  -- below it the top percentile is a handful of days; rule book A21
        3 as min_figures,  -- rule book A21
        0.5 as max_unsided_frac  -- rule book A7
),

sessions as (
    select
        session_date,
        row_number() over (order by sequence) as whole_place
    from curated.us_sessions
    where not is_half_session
),

days as (
    select
        flow.*, sessions.whole_place,
        abs(flow.net_usd) as size_usd
    from features.option_session_flow as flow
    inner join sessions on flow.session_date = sessions.session_date
),

asked as (
    select days.*
    from days
    cross join params
    where days.known_at >= (select clock.since from ops.clock as clock) - params.max_age
),

past as (
    select
        asked.underlying, asked.whole_place,
        min(days.whole_place) as first_place,
        count(*) as n_present,
        sum(case when days.call_volume < asked.call_volume then 1 else 0 end)
        + sum(case when days.call_volume <= asked.call_volume then 1 else 0 end) as calls_rank,
        sum(case when days.put_volume < asked.put_volume then 1 else 0 end)
        + sum(case when days.put_volume <= asked.put_volume then 1 else 0 end) as puts_rank,
        count(days.size_usd) as n_net,
        sum(case when days.size_usd < asked.size_usd then 1 else 0 end)
        + sum(case when days.size_usd <= asked.size_usd then 1 else 0 end) as net_rank
    from asked
    cross join params
    inner join days
        on
            asked.underlying = days.underlying
            and days.whole_place between asked.whole_place - params.rank_sessions
            and asked.whole_place - 1
    group by asked.underlying, asked.whole_place
),

loaded as (select distinct whole_place from days),

-- A session in which only others traded is a zero, and less than any volume.
counted as (
    select
        past.underlying, past.whole_place,
        count(*) as n_sessions
    from past
    inner join loaded
        on past.first_place <= loaded.whole_place and past.whole_place > loaded.whole_place
    group by past.underlying, past.whole_place
),

ranked as (
    select
        asked.*,
        counted.n_sessions, past.n_net,
        case
            when counted.n_sessions >= params.min_obs and asked.call_volume > 0
                then
                    cast(2 * (counted.n_sessions - past.n_present) + past.calls_rank as double)
                    / (2 * counted.n_sessions)
        end as calls_pr,
        case
            when counted.n_sessions >= params.min_obs and asked.put_volume > 0
                then
                    cast(2 * (counted.n_sessions - past.n_present) + past.puts_rank as double)
                    / (2 * counted.n_sessions)
        end as puts_pr,
        case
            when past.n_net >= params.min_obs and asked.net_usd is not null
                then cast(past.net_rank as double) / (2 * past.n_net)
        end as net_pr,
        params.min_figures, params.max_unsided_frac
    from asked
    cross join params
    left join past
        on asked.underlying = past.underlying and asked.whole_place = past.whole_place
    left join counted
        on asked.underlying = counted.underlying and asked.whole_place = counted.whole_place
),

measured as (
    select
        *,
        case when calls_pr is null then 0 else 1 end
        + case when puts_pr is null then 0 else 1 end
        + case when net_pr is null then 0 else 1 end as n_figures,
        greatest(calls_pr, puts_pr, net_pr) as max_pr
    from ranked
)

select
    session_date,
    known_at,  -- the session's close
    underlying,
    place,  -- of the session in the calendar
    round(calls_pr, 9) as calls_pr,  -- percentile of the call volume in a year; null below 60
    round(puts_pr, 9) as puts_pr,  -- of the put volume
    round(net_pr, 9) as net_pr,  -- of the net premium's size
    n_figures,  -- that have 60 sessions of history
    case when n_figures >= min_figures then round(100 * max_pr ** n_figures, 6) end
        as unusual,  -- 100 times the highest to the power of how many, 0 to 100
    case when n_figures >= min_figures then least(n_sessions, n_net) end
        as n_obs,  -- sessions of history of the figure that has fewest
    case when unsided_frac <= max_unsided_frac then cast(sign(net_usd) as bigint) end
        as net_sign,  -- of bullish less bearish premium; null where too little has a side
    coalesce(unsided_frac > max_unsided_frac, true)
        as is_few_sided  -- too little has a side for a direction
from measured
