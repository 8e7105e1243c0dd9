-- rule:    E1, A7
-- what:    What traded of an underlying's options by the close of a session, and which way.
-- grain:   one row per underlying and whole session with prints; net_usd is null without a side
-- status:  live
-- needs:   6 sessions

with params as (
    select
        0.5 as max_unsided_frac  -- rule book A7
),

sessions as (
    select session_date, closes_at, sequence
    from curated.us_sessions
    where not is_half_session and closes_at < (select clock.until from ops.clock as clock)
),

volumes as (
    select
        hours.session_date, hours.underlying,
        sum(case when hours.put_call = 'call' then hours.volume else 0 end) as call_volume,
        sum(case when hours.put_call = 'put' then hours.volume else 0 end) as put_volume
    from features.option_half_hours as hours
    where hours.half_hour < 13 and strpos(hours.underlying, ':') = 0
    group by hours.session_date, hours.underlying
),

flows as (
    select
        session_date, underlying,
        sum(premium_usd) as premium_usd,
        sum(bought_usd + sold_usd) as sided_usd,
        sum(
            case when put_call = 'call' then bought_usd - sold_usd else sold_usd - bought_usd end
        ) as net_usd
    from features.option_flow_half_hours
    where half_hour < 13
    group by session_date, underlying
),

days as (
    select
        volumes.session_date, volumes.underlying, sessions.closes_at,
        sessions.sequence as place,
        volumes.call_volume, volumes.put_volume, flows.premium_usd, flows.sided_usd, flows.net_usd
    from volumes
    inner join sessions on volumes.session_date = sessions.session_date
    left join flows
        on volumes.session_date = flows.session_date and volumes.underlying = flows.underlying
),

summed as (
    select
        *,
        cast(sum(premium_usd) over last_five as double) as premium_5d_usd,
        cast(sum(sided_usd) over last_five as double) as sided_5d_usd,
        cast(sum(net_usd) over last_five as double) as net_5d_usd
    from days
    window
        last_five as (
            partition by underlying order by place range between 4 preceding and current row
        )
)

select
    summed.session_date,
    summed.closes_at as known_at,  -- the session's close
    summed.underlying,
    summed.place,  -- of the session in the calendar
    cast(summed.call_volume as bigint) as call_volume,  -- contracts
    cast(summed.put_volume as bigint) as put_volume,  -- contracts
    cast(summed.premium_usd as bigint) as premium_usd,  -- of all prints
    cast(summed.net_usd as bigint) as net_usd,  -- bullish less bearish premium
    round(
        1 - cast(summed.sided_usd as double) / nullif(cast(summed.premium_usd as double), 0), 9
    ) as unsided_frac,  -- of the session's premium, without a side
    round(summed.net_5d_usd / nullif(summed.premium_5d_usd, 0), 9)
        as balance,  -- net over all premium of five sessions, -1 to 1
    coalesce(
        1 - summed.sided_5d_usd / nullif(summed.premium_5d_usd, 0) > params.max_unsided_frac, true
    ) as is_few_sided  -- too little has a side for the balance to say anything
from summed
cross join params
