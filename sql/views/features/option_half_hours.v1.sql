-- what:    Volume and premium of an underlying's calls or puts in each half hour of a session.
-- grain:   one row per session, underlying, put_call, known_date and half hour in which prints
--          became known; a print that was withdrawn on the same UTC day is taken back in the half
--          hour of that, so the half hours up to one add up to what stood at its end; withdrawn
--          on another day it stays
-- status:  live
-- keep:    partials
-- needs:   0s

with params as (
    select 61 as near_days  -- expiring within about two months, Donoho 2004
),

prints as (
    select
        tape.session_date, tape.underlying, tape.put_call, tape.size, tape.premium_usd,
        tape.known_at,
        cast(timezone('UTC', tape.known_at) as date) as known_date,
        tape.withdrawn_at,
        cast(timezone('UTC', tape.withdrawn_at) as date)
        = cast(timezone('UTC', tape.known_at) as date) as is_taken_back,
        tape.opt_trade_class in ('regular', 'auction') as is_directional,
        tape.opt_trade_class in ('multi_leg', 'stock_tied') as is_package,
        tape.expiration <= tape.session_date + params.near_days as is_near,
        tape.expiration = tape.session_date as is_0dte,
        sessions.opens_at, sessions.closes_at
    from curated.option_prints as tape
    cross join params
    inner join curated.us_sessions as sessions
        on tape.session_date = sessions.session_date and tape.calendar = 'XNYS'
    where
        tape.opt_trade_class in (
            'regular', 'auction', 'cross', 'floor', 'multi_leg', 'stock_tied', 'late'
        )
),

halved as (
    select
        *,
        case
            when known_at < opens_at then -1
            when known_at >= closes_at then 13
            else (epoch_us(known_at) - epoch_us(opens_at)) // 1_800_000_000
        end as half_hour,
        case
            when is_taken_back is not true then null
            when withdrawn_at < opens_at then -1
            when withdrawn_at >= closes_at then 13
            else (epoch_us(withdrawn_at) - epoch_us(opens_at)) // 1_800_000_000
        end as withdrawn_half_hour
    from prints
),

sums as (
    select
        session_date, underlying, put_call, known_date, half_hour, withdrawn_half_hour,
        max(known_at) as known_at,
        max(withdrawn_at) as withdrawn_at,
        count(*) as n_trades,
        sum(size) as volume,
        sum(case when is_directional then size else 0 end) as directional_volume,
        sum(case when is_package then size else 0 end) as package_volume,
        sum(case when is_near then size else 0 end) as near_volume,
        sum(case when is_0dte then size else 0 end) as zero_dte_volume,
        sum(premium_usd) as premium_usd,
        sum(case when is_near then premium_usd else 0 end) as near_premium_usd,
        sum(case when is_0dte then premium_usd else 0 end) as zero_dte_premium_usd
    from halved
    group by session_date, underlying, put_call, known_date, half_hour, withdrawn_half_hour
),

-- What was withdrawn counts twice: when it came, and less when it went.
entries as (
    select
        * exclude (withdrawn_half_hour, withdrawn_at),
        1 as sign
    from sums
    union all
    select
        * exclude (withdrawn_half_hour, withdrawn_at)
        replace (withdrawn_half_hour as half_hour, withdrawn_at as known_at),
        -1 as sign
    from sums
    where withdrawn_half_hour is not null
)

select
    entries.session_date,
    entries.underlying,
    entries.put_call,
    entries.known_date,  -- the UTC day on which these prints became known
    entries.half_hour,  -- half hours since the open; -1 before it, 13 from the close
    max(entries.known_at) as known_at,
    cast(sum(entries.sign * entries.n_trades) as bigint) as n_trades,  -- prints
    cast(sum(entries.sign * entries.volume) as bigint) as volume,  -- contracts
    cast(sum(entries.sign * entries.directional_volume) as bigint)
        as directional_volume,  -- contracts, of regular and auction prints
    cast(sum(entries.sign * entries.package_volume) as bigint)
        as package_volume,  -- contracts, of legs of packages
    cast(sum(entries.sign * entries.near_volume) as bigint)
        as near_volume,  -- contracts that expire within two months
    cast(sum(entries.sign * entries.zero_dte_volume) as bigint)
        as zero_dte_volume,  -- contracts that expire that day
    cast(round(sum(entries.sign * entries.premium_usd)) as bigint)
        as premium_usd,  -- whole dollars
    cast(round(sum(entries.sign * entries.near_premium_usd)) as bigint)
        as near_premium_usd,  -- of what expires within two months
    cast(round(sum(entries.sign * entries.zero_dte_premium_usd)) as bigint)
        as zero_dte_premium_usd  -- of what expires that day
from entries
group by
    entries.session_date, entries.underlying, entries.put_call, entries.known_date,
    entries.half_hour
