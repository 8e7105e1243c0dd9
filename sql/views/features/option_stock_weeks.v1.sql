-- what:    A week's option volume of a stock in shares, over the shares that traded, against its
--          own year.
-- grain:   one row per underlying and week in which its options traded, told at the end of the UTC
--          day of the week's last session; os is null unless each session of the week has a bar
-- status:  live
-- needs:   270 sessions

with params as (
    select
        100 as multiplier,  -- shares a contract; adjusted ones are few
        364 as rank_days,  -- a year of weeks
        182 as mean_days,  -- 26 weeks, rule book A20
        20 as min_obs,  -- below it a percentile says nothing
        10 as min_mean_obs  -- a plain mean needs 10, rule book 0.3
),

weeks as (
    select
        cast(date_trunc('week', session_date) as date) as week_date,
        max(closes_at) as closes_at,
        max(cast(timezone('UTC', closes_at) as date)) as last_date,
        timezone('UTC', max(cast(timezone('UTC', closes_at) as date)) + interval 1 day) as told_at,
        count(*) as n_sessions
    from curated.us_sessions
    group by cast(date_trunc('week', session_date) as date)
),

over as (
    select * from weeks
    where told_at < (select clock.until from ops.clock as clock)
),

optioned as (
    select
        parts.underlying, over.week_date,
        sum(parts.volume) as contracts,
        cast(sum(cast(parts.premium_usd as decimal(28, 6))) as double) as premium_usd
    from features.option_contract_days as parts
    inner join over on cast(date_trunc('week', parts.session_date) as date) = over.week_date
    where parts.known_date <= over.last_date
    group by parts.underlying, over.week_date
),

traded as (
    select
        bars.symbol, over.week_date,
        count(*) as n_bars,
        cast(sum(bars.volume) as double) as shares
    from curated.equity_bars as bars
    inner join over on cast(date_trunc('week', bars.session_date) as date) = over.week_date
    where
        bars.bar = '1d'
        and bars.known_at < over.told_at
        and coalesce(bars.withdrawn_at >= over.told_at, true)
    group by bars.symbol, over.week_date
),

ratios as (
    select
        optioned.underlying, optioned.week_date, optioned.contracts, optioned.premium_usd,
        over.told_at, over.closes_at,
        case when traded.n_bars = over.n_sessions then traded.shares end as shares,
        round(
            case
                when traded.n_bars = over.n_sessions
                    then
                        params.multiplier * cast(optioned.contracts as double)
                        / nullif(traded.shares, 0)
            end, 9
        ) as os
    from optioned
    cross join params
    inner join over on optioned.week_date = over.week_date
    left join traded
        on optioned.underlying = traded.symbol and optioned.week_date = traded.week_date
),

ranks as (
    select
        today.underlying, today.told_at,
        count(*) as n_obs,
        sum(case when earlier.os < today.os then 1 else 0 end)
        + sum(case when earlier.os <= today.os then 1 else 0 end) as twice_rank,
        count(case when earlier.week_date + params.mean_days >= today.week_date then 1 end)
            as n_mean,
        sum(
            case
                when earlier.week_date + params.mean_days >= today.week_date
                    then cast(earlier.os as decimal(28, 9))
            end
        ) as sum_os
    from ratios as today
    cross join params
    inner join ratios as earlier
        on
            today.underlying = earlier.underlying
            and today.week_date > earlier.week_date
            and today.week_date - params.rank_days <= earlier.week_date
    where earlier.os is not null and today.os is not null
    group by today.underlying, today.told_at
)

select
    ratios.underlying,
    ratios.week_date,  -- its Monday
    ratios.told_at as known_at,
    ratios.closes_at,  -- of the week's last session
    ratios.contracts,  -- options of all kinds
    round(ratios.premium_usd, 2) as premium_usd,
    ratios.shares,  -- of the stock; null where a session has no bar
    ratios.os,  -- shares that the options stand for, over the shares that traded
    coalesce(ranks.n_obs, 0) as n_obs,  -- weeks of history in the year
    round(
        case
            when ranks.n_mean >= params.min_mean_obs
                then ratios.os / nullif(cast(ranks.sum_os as double) / ranks.n_mean, 0) - 1
        end, 6
    ) as d_os,  -- os over its mean of 26 weeks, less one
    round(
        case
            when ranks.n_obs >= params.min_obs
                then cast(ranks.twice_rank as double) / (2 * ranks.n_obs)
        end, 9
    ) as os_pr  -- mid-rank percentile of os in its own year
from ratios
cross join params
left join ranks on ratios.underlying = ranks.underlying and ratios.told_at = ranks.told_at
