-- what:    How a stock's trading off exchange goes on over days: its share and its volume, five
--          sessions against twenty.
-- grain:   one row per symbol, session and basis; a trend is null below ten sessions of the twenty,
--          or where one of the five is not told
-- status:  live
-- needs:   21 sessions

with params as (
    select
        5 as short_sessions,  -- rule book C8
        20 as long_sessions,  -- rule book C8
        10 as min_sessions,  -- a plain mean needs 10, rule book 0.3
        1.1 as min_rising,  -- rule book C8
        0.9 as max_falling  -- rule book C8
),

days as (
    select
        symbol, session_date, basis, known_at, place, offex_ratio, short_sale_frac
    from features.off_exchange_sessions
),

sums as (
    select
        today.symbol, today.known_at, today.basis,
        count(
            case
                when today.place - earlier.place < params.short_sessions
                    then earlier.offex_ratio
            end
        ) as n_short,
        sum(
            case
                when today.place - earlier.place < params.short_sessions
                    then cast(earlier.offex_ratio as decimal(18, 9))
            end
        ) as sum_short,
        count(earlier.offex_ratio) as n_long,
        sum(cast(earlier.offex_ratio as decimal(18, 9))) as sum_long,
        avg(
            case
                when today.place - earlier.place < params.short_sessions
                    then earlier.short_sale_frac
            end
        ) as mean5_short_frac
    from days as today
    cross join params
    inner join days as earlier
        on
            today.symbol = earlier.symbol
            and today.basis = earlier.basis
            and today.place - params.long_sessions < earlier.place
            and today.place >= earlier.place
    group by today.symbol, today.known_at, today.basis
),

measured as (
    select
        days.*,
        sums.n_long,
        cast(sums.sum_short as double) / nullif(sums.n_short, 0) as mean5_ratio,
        cast(sums.sum_long as double) / nullif(sums.n_long, 0) as mean20_ratio,
        sums.mean5_short_frac,
        case
            when sums.n_short = params.short_sessions and sums.n_long >= params.min_sessions
                then
                    (cast(sums.sum_short as double) / sums.n_short)
                    / nullif(cast(sums.sum_long as double) / sums.n_long, 0)
        end as ratio_trend,
        params.min_rising, params.max_falling
    from days
    cross join params
    inner join sums
        on
            days.symbol = sums.symbol
            and days.known_at = sums.known_at
            and days.basis = sums.basis
)

select
    measured.session_date,
    measured.symbol,
    measured.basis,  -- prints of the tape, or FINRA's totals over a bar's volume
    measured.offex_ratio,  -- of the session
    round(measured.mean5_ratio, 6) as mean5_ratio,  -- of five sessions
    round(measured.mean20_ratio, 6) as mean20_ratio,  -- of twenty
    measured.n_long as n_sessions,  -- of the twenty that have a ratio
    case
        when measured.ratio_trend > measured.min_rising then 'rising'
        when measured.ratio_trend < measured.max_falling then 'falling'
        when measured.ratio_trend is not null then 'steady'
    end as ratio_trend,  -- of the share off exchange
    volume.trend as volume_trend,  -- of the shares off exchange
    volume.trend_ratio as volume_trend_ratio,  -- mean of five sessions over that of twenty
    volume.volume_ratio30,  -- the session's volume over its mean of 30
    round(measured.mean5_short_frac, 6) as mean5_short_frac,  -- sold short, of FINRA's total
    measured.known_at
from measured
left join features.off_exchange_volume as volume
    on
        measured.symbol = volume.symbol
        and measured.known_at = volume.known_at
        and measured.basis = volume.basis
