-- what:    A stock's off-exchange volume and value against its own sessions before, and its trend.
-- grain:   one row per symbol, session and basis; a session of which nobody tells anything is none,
--          not a zero; volume_ratio30 is null below 10 sessions of history, mz60 below 20
-- status:  live
-- needs:   62 sessions

with params as (
    select
        30 as mean_sessions,  -- founding rule, C8
        60 as median_sessions,  -- rule book 0.3
        5 as short_sessions,  -- of the trend, C8
        20 as long_sessions,  -- of the trend, C8
        20 as min_obs,  -- below it a z says nothing
        10 as min_mean_obs,  -- a plain mean needs 10, rule book 0.3
        1.1 as min_rising,  -- C8
        0.9 as max_falling  -- C8
),

days as (
    select * from features.off_exchange_sessions
),

-- Volumes before a split are in the shares of this session.
past as (
    select
        today.symbol, today.known_at, today.basis, today.offex_volume,
        round(earlier.offex_volume * earlier.split_ratio / today.split_ratio, 2) as past_volume,
        earlier.offex_value_usd as past_value_usd,
        today.place - earlier.place as n_back
    from days as today
    cross join params
    inner join days as earlier
        on
            today.symbol = earlier.symbol
            and today.basis = earlier.basis
            and earlier.place between today.place - params.median_sessions and today.place
),

middles as (
    select
        past.symbol, past.known_at, past.basis,
        count(case when past.n_back > 0 then 1 end) as n_obs,
        median(case when past.n_back > 0 then ln(1 + past.past_volume) end) as median_y,
        median(case when past.n_back > 0 then past.past_volume end) as median_volume,
        max(case when past.n_back > 0 then past.past_volume end) as max_volume,
        count(case when past.n_back between 1 and params.mean_sessions then 1 end) as n_mean,
        cast(
            sum(
                case
                    when past.n_back between 1 and params.mean_sessions
                        then cast(past.past_volume as decimal(28, 2))
                end
            ) as double
        ) as sum_volume,
        count(case when past.n_back between 1 and params.mean_sessions then past.past_value_usd end)
            as n_values,
        cast(
            sum(
                case
                    when past.n_back between 1 and params.mean_sessions
                        then cast(past.past_value_usd as decimal(28, 2))
                end
            ) as double
        ) as sum_value_usd,
        count(case when past.n_back < params.short_sessions then 1 end) as n_short,
        cast(
            sum(
                case
                    when past.n_back < params.short_sessions
                        then cast(past.past_volume as decimal(28, 2))
                end
            ) as double
        ) as sum_short,
        count(case when past.n_back < params.long_sessions then 1 end) as n_long,
        cast(
            sum(
                case
                    when past.n_back < params.long_sessions
                        then cast(past.past_volume as decimal(28, 2))
                end
            ) as double
        ) as sum_long
    from past
    cross join params
    group by past.symbol, past.known_at, past.basis
),

spreads as (
    select
        past.symbol, past.known_at, past.basis,
        median(abs(ln(1 + past.past_volume) - middles.median_y)) as mad_y
    from past
    inner join middles
        on
            past.symbol = middles.symbol
            and past.known_at = middles.known_at
            and past.basis = middles.basis
    where past.n_back > 0
    group by past.symbol, past.known_at, past.basis
),

measured as (
    select
        days.*,
        middles.n_obs,
        case when middles.n_mean >= params.min_mean_obs then middles.sum_volume / middles.n_mean end
            as mean30,
        case
            when middles.n_values >= params.min_mean_obs
                then middles.sum_value_usd / middles.n_values
        end as mean30_usd,
        case when middles.n_obs >= params.min_obs then middles.median_volume end as median60,
        case when middles.n_obs >= params.min_obs then middles.max_volume end as max60,
        case
            when middles.n_obs >= params.min_obs
                then
                    0.6745 * (ln(1 + days.offex_volume) - middles.median_y)
                    / nullif(spreads.mad_y, 0)
        end as mz60,
        round(
            case
                when
                    middles.n_short = params.short_sessions
                    and middles.n_long >= params.min_mean_obs
                    then
                        (middles.sum_short / middles.n_short)
                        / nullif(middles.sum_long / middles.n_long, 0)
            end, 6
        ) as trend_ratio,
        params.min_rising, params.max_falling
    from days
    cross join params
    inner join middles
        on
            days.symbol = middles.symbol
            and days.known_at = middles.known_at
            and days.basis = middles.basis
    left join spreads
        on
            days.symbol = spreads.symbol
            and days.known_at = spreads.known_at
            and days.basis = spreads.basis
)

select
    symbol,
    session_date,
    known_at,
    closes_at,
    basis,  -- prints of the tape, or FINRA's totals
    offex_volume,  -- shares
    offex_value_usd,
    n_obs,  -- sessions of history, 60 at most
    round(mean30, 2) as mean30,  -- shares, mean of 30 sessions
    round(offex_volume / nullif(mean30, 0), 6) as volume_ratio30,  -- volume over mean30
    round(offex_value_usd / nullif(mean30_usd, 0), 6)
        as value_ratio30,  -- value over its mean of 30 sessions
    round(median60, 2) as median60,  -- shares, median of 60 sessions
    max60,  -- shares, most of 60 sessions
    round(mz60, 6) as mz60,  -- modified z of ln(1 + volume) in 60 sessions
    trend_ratio,  -- mean volume of the last five sessions over that of twenty
    case
        when trend_ratio > min_rising then 'rising'
        when trend_ratio < max_falling then 'falling'
        when trend_ratio is not null then 'steady'
    end as trend  -- rising, falling or steady
from measured
