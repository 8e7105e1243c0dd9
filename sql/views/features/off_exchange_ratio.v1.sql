-- what:    Share of a stock's volume that traded off exchange, against its own year, and who traded
--          it as far as FINRA has told by then.
-- grain:   one row per symbol, session and basis that has a ratio; ratio_pr is null below 20
--          sessions of history, label below 60
-- status:  live
-- needs:   253 sessions

with params as (
    select
        252 as rank_sessions,  -- a year, rule book 0.4
        60 as median_sessions,  -- rule book 0.3
        20 as mean_sessions,  -- rule book C4
        20 as min_obs,  -- below it a percentile or a z says nothing
        10 as min_mean_obs,  -- a plain mean needs 10, rule book 0.3
        60 as min_label_obs,  -- rule book C4
        interval 90 days as max_week_age  -- a split of weeks ago says little of today; a guess
),

days as (
    select * from features.off_exchange_sessions
    where offex_ratio is not null
),

past as (
    select
        today.symbol, today.known_at, today.basis, today.offex_ratio,
        earlier.offex_ratio as past_ratio,
        round(earlier.volume * earlier.split_ratio / today.split_ratio, 2) as past_volume,
        today.place - earlier.place as n_back
    from days as today
    cross join params
    inner join days as earlier
        on
            today.symbol = earlier.symbol
            and today.basis = earlier.basis
            and today.place - params.rank_sessions <= earlier.place
            and today.place > earlier.place
),

middles as (
    select
        past.symbol, past.known_at, past.basis,
        count(*) as n_obs,
        sum(case when past.past_ratio < past.offex_ratio then 1 else 0 end)
        + sum(case when past.past_ratio <= past.offex_ratio then 1 else 0 end) as twice_rank,
        count(case when past.n_back <= params.median_sessions then 1 end) as n_median,
        median(case when past.n_back <= params.median_sessions then past.past_ratio end)
            as median_ratio,
        max(case when past.n_back <= params.median_sessions then past.past_ratio end) as max_ratio,
        count(case when past.n_back <= params.mean_sessions then 1 end) as n_mean,
        sum(
            case
                when past.n_back <= params.mean_sessions
                    then cast(past.past_volume as decimal(28, 2))
            end
        ) as sum_volume
    from past
    cross join params
    group by past.symbol, past.known_at, past.basis
),

spreads as (
    select
        past.symbol, past.known_at, past.basis,
        median(abs(past.past_ratio - middles.median_ratio)) as mad_ratio
    from past
    cross join params
    inner join middles
        on
            past.symbol = middles.symbol
            and past.known_at = middles.known_at
            and past.basis = middles.basis
    where past.n_back <= params.median_sessions
    group by past.symbol, past.known_at, past.basis
),

-- The newest week that FINRA had told by then.
weeks as (
    select
        today.symbol, today.known_at, today.basis, otc.week_date, otc.ats_ratio,
        otc.non_ats_ratio
    from days as today
    cross join params
    inner join features.otc_weeks as otc
        on
            today.symbol = otc.symbol
            and today.known_at >= otc.known_at
            and today.known_at < otc.known_at + params.max_week_age
            and coalesce(today.known_at < otc.withdrawn_at, true)
    qualify row_number() over (
        partition by today.symbol, today.known_at, today.basis
        order by otc.week_date desc, otc.known_at desc
    ) = 1
),

measured as (
    select
        days.*,
        coalesce(middles.n_obs, 0) as n_obs,
        case
            when middles.n_obs >= params.min_obs
                then cast(middles.twice_rank as double) / (2 * middles.n_obs)
        end as ratio_pr,
        case when middles.n_median >= params.min_obs then middles.median_ratio end as median60,
        case when middles.n_median >= params.min_obs then middles.max_ratio end as max60,
        case
            when middles.n_median >= params.min_obs
                then
                    0.6745 * (days.offex_ratio - middles.median_ratio)
                    / nullif(spreads.mad_ratio, 0)
        end as mz60,
        case
            when middles.n_mean >= params.min_mean_obs
                then
                    days.volume * middles.n_mean
                    / nullif(cast(middles.sum_volume as double), 0)
        end as volume_ratio20,
        weeks.week_date, weeks.ats_ratio, weeks.non_ats_ratio,
        params.min_label_obs
    from days
    cross join params
    left join middles
        on
            days.symbol = middles.symbol
            and days.known_at = middles.known_at
            and days.basis = middles.basis
    left join spreads
        on
            days.symbol = spreads.symbol
            and days.known_at = spreads.known_at
            and days.basis = spreads.basis
    left join weeks
        on
            days.symbol = weeks.symbol
            and days.known_at = weeks.known_at
            and days.basis = weeks.basis
)

select
    symbol,
    session_date,
    known_at,
    closes_at,
    basis,  -- prints of the tape, or FINRA's totals over a bar's volume
    volume,  -- shares
    offex_volume,  -- shares
    offex_value_usd,
    offex_ratio,  -- 0 to 1; of this session
    week_date,  -- the newest week that FINRA had split; null where none of 90 days
    ats_ratio,  -- of that week's volume, in dark pools
    non_ats_ratio,  -- of that week's volume, by firms off exchange, mostly wholesalers
    round(greatest(offex_ratio - coalesce(ats_ratio, 0) - coalesce(non_ats_ratio, 0), 0), 9)
        as unknown_ratio,  -- what of this session's ratio that week does not explain
    short_sale_frac,  -- of FINRA's total, sold short
    is_sub_dollar,
    n_obs,  -- sessions of history in the year
    round(ratio_pr, 9) as ratio_pr,  -- mid-rank percentile of offex_ratio in its own year
    round(mz60, 6) as mz60,  -- modified z of offex_ratio in 60 sessions
    round(median60, 9) as median60,  -- the usual ratio
    round(max60, 9) as max60,  -- the highest ratio of 60 sessions
    round(volume_ratio20, 6) as volume_ratio20,  -- volume over its mean of 20 sessions
    case
        when n_obs < min_label_obs then null
        when ratio_pr >= 0.97 then 'very_high'
        when ratio_pr >= 0.9 then 'high'
        when ratio_pr >= 0.5 then 'moderate'
        else 'low'
    end as ratio_label,  -- against its own year
    case
        when offex_ratio > 0.4 then 'very_high'
        when offex_ratio >= 0.3 then 'high'
        when offex_ratio >= 0.2 then 'moderate'
        else 'low'
    end as legacy_label  -- by the fixed bands of old, by which nearly every stock is very high
from measured
