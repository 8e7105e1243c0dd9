-- what:    Signed premium and delta of an underlying's calls or puts in each half hour of sessions.
-- grain:   one row per session, underlying, put_call, known_date and half hour in which prints
--          became known; a print that was withdrawn on the same UTC day is taken back in the half
--          hour of that, so the half hours up to one add up to what stood at its end; withdrawn
--          on another day it stays
-- status:  live
-- keep:    partials
-- needs:   0s

with prints as (
    select
        trades.session_date, trades.underlying, trades.put_call, trades.known_at,
        cast(timezone('UTC', trades.known_at) as date) as known_date,
        trades.withdrawn_at,
        cast(timezone('UTC', trades.withdrawn_at) as date)
        = cast(timezone('UTC', trades.known_at) as date) as is_taken_back,
        cast(trades.premium_usd as double) as premium_usd,
        -- Legs of packages, crosses and the like have a price of their own, and no side.
        case when trades.opt_trade_class in ('regular', 'auction') then trades.side end as side,
        2 * trades.side_prob - 1 as certainty,
        cast(trades.delta as double) * cast(trades.underlying_price as double)
        * cast(trades.size as double) * cast(trades.multiplier as double) as delta_usd,
        trades.opt_trade_class in ('multi_leg', 'stock_tied') as is_package,
        sessions.opens_at, sessions.closes_at
    from curated.option_trades as trades
    inner join curated.us_sessions as sessions on trades.session_date = sessions.session_date
    where
        trades.opt_trade_class in (
            'regular', 'auction', 'cross', 'floor', 'multi_leg', 'stock_tied', 'late'
        )
        and strpos(trades.underlying, ':') = 0  -- coins have no session
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
        sum(cast(round(premium_usd) as bigint)) as premium_usd,
        sum(case when is_package then cast(round(premium_usd) as bigint) else 0 end)
            as package_premium_usd,
        sum(case when side = 1 then cast(round(premium_usd) as bigint) else 0 end) as bought_usd,
        sum(case when side = -1 then cast(round(premium_usd) as bigint) else 0 end) as sold_usd,
        sum(cast(round(coalesce(side * certainty * premium_usd, 0)) as bigint))
            as certain_net_usd,
        sum(cast(round(coalesce(abs(side) * certainty * premium_usd, 0)) as bigint))
            as certain_usd,
        sum(cast(round(coalesce(side * delta_usd, 0)) as bigint)) as net_delta_usd,
        sum(
            case
                when side is not null and delta_usd is not null
                    then cast(round(premium_usd) as bigint)
                else 0
            end
        ) as delta_premium_usd
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
    cast(sum(entries.sign * entries.premium_usd) as bigint)
        as premium_usd,  -- whole dollars, of all prints
    cast(sum(entries.sign * entries.package_premium_usd) as bigint)
        as package_premium_usd,  -- of legs of packages
    cast(sum(entries.sign * entries.bought_usd) as bigint)
        as bought_usd,  -- of regular and auction prints that a buyer began
    cast(sum(entries.sign * entries.sold_usd) as bigint)
        as sold_usd,  -- of regular and auction prints that a seller began
    cast(sum(entries.sign * entries.certain_net_usd) as bigint)
        as certain_net_usd,  -- bought less sold, each by how sure its side is
    cast(sum(entries.sign * entries.certain_usd) as bigint)
        as certain_usd,  -- bought and sold, each by how sure its side is
    cast(sum(entries.sign * entries.net_delta_usd) as bigint)
        as net_delta_usd,  -- of the underlying, bought less sold, where deltas are
    cast(sum(entries.sign * entries.delta_premium_usd) as bigint)
        as delta_premium_usd  -- of bought and sold, where deltas are
from entries
group by
    entries.session_date, entries.underlying, entries.put_call, entries.known_date,
    entries.half_hour
