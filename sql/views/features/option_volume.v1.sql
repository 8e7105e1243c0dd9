-- what:    Option volume up to a half-hour mark beside the same mark of the 60 sessions before.
-- grain:   one row per underlying, put_call, term, whole session and mark with at least 10
--          contracts; a session without trades is a zero from the underlying's first one on, one
--          of which the store holds nothing is none; of 0-DTE those count in which the underlying
--          had such trades
-- status:  live
-- needs:   262 sessions, 0s of features.option_marks

with params as (
    select
        10 as min_volume,  -- contracts; a handful has no scale, rule book 0.3
        20 as mean_sessions,  -- Donoho's month of trading
        60 as median_sessions,  -- rule book 0.3
        66 as reach_sessions,  -- in which these lie, where the store lacks one here and there
        252 as zero_dte_reach_sessions,  -- a year: many names have 0-DTE on Fridays alone
        10 as min_mean_obs,  -- a plain mean needs 10, rule book 0.3
        20 as min_obs  -- below it a z says nothing
),

asked as (
    select
        marks.*,
        case when marks.term = '0dte' then '0dte' else 'all' end as kind,
        row_number() over in_order as row_id
    from features.option_marks as marks
    cross join params
    where marks.volume >= params.min_volume
    window in_order as (
        partition by marks.term
        order by marks.place, marks.mark, marks.underlying, marks.put_call
    )
),

volumes as (
    select * from features.option_sessions
),

days as (
    select
        underlying, place,
        case when term = '0dte' then '0dte' else 'all' end as kind
    from volumes
    group by underlying, place, case when term = '0dte' then '0dte' else 'all' end
),

names as (
    select
        underlying, put_call, term, place,
        min(kind) as kind
    from asked
    group by underlying, put_call, term, place
),

begun as (
    select
        names.underlying, names.put_call, names.term, names.place, names.kind,
        min(days.place) as first_place
    from names
    cross join params
    inner join days
        on
            names.underlying = days.underlying
            and names.kind = days.kind
            and names.place > days.place
            and names.place - case
                when names.kind = '0dte' then params.zero_dte_reach_sessions
                else params.reach_sessions
            end <= days.place
    group by names.underlying, names.put_call, names.term, names.place, names.kind
),

loaded as (
    select place
    from days
    group by place
),

-- A session without trades is one too, but of 0-DTE only those that had them.
history as (
    select
        begun.underlying, begun.put_call, begun.term, begun.place, volumes.volumes,
        row_number() over newest_first as n_back
    from begun
    cross join params
    inner join loaded on begun.first_place <= loaded.place and begun.place > loaded.place
    left join days
        on
            begun.underlying = days.underlying
            and begun.kind = days.kind
            and loaded.place = days.place
    left join volumes
        on
            begun.underlying = volumes.underlying
            and begun.put_call = volumes.put_call
            and begun.term = volumes.term
            and loaded.place = volumes.place
    where begun.kind <> '0dte' or days.place is not null
    window
        newest_first as (
            partition by begun.underlying, begun.put_call, begun.term, begun.place
            order by loaded.place desc
        )
    qualify row_number() over newest_first <= params.median_sessions
),

past as (
    select
        asked.term, asked.row_id, history.n_back,
        coalesce(history.volumes[asked.mark], 0) as volume,
        ln(1 + coalesce(history.volumes[asked.mark], 0)) as y
    from asked
    inner join history
        on
            asked.underlying = history.underlying
            and asked.put_call = history.put_call
            and asked.term = history.term
            and asked.place = history.place
),

middles as (
    select
        past.term, past.row_id,
        count(*) as n_median,
        median(past.y) as median_y,
        median(past.volume) as median_volume,
        max(past.volume) as max_volume,
        count(case when past.n_back <= params.mean_sessions then 1 end) as n_mean,
        sum(case when past.n_back <= params.mean_sessions then past.volume end) as sum_volume,
        sum(
            case
                when past.n_back <= params.mean_sessions
                    then cast(past.volume as hugeint) * past.volume
            end
        ) as sum_squares
    from past
    cross join params
    group by past.term, past.row_id
),

spreads as (
    select
        past.term, past.row_id,
        median(abs(past.y - middles.median_y)) as mad_y
    from past
    inner join middles on past.term = middles.term and past.row_id = middles.row_id
    group by past.term, past.row_id
),

measured as (
    select
        asked.*,
        coalesce(middles.n_median, 0) as n_median,
        coalesce(middles.n_mean, 0) as n_mean,
        middles.median_y, middles.median_volume, middles.max_volume, spreads.mad_y,
        cast(middles.sum_volume as double) / nullif(middles.n_mean, 0) as mean_volume,
        sqrt(
            cast(
                middles.n_mean * middles.sum_squares
                - cast(middles.sum_volume as hugeint) * middles.sum_volume as double
            ) / nullif(middles.n_mean * (middles.n_mean - 1), 0)
        ) as sd_volume
    from asked
    left join middles on asked.term = middles.term and asked.row_id = middles.row_id
    left join spreads on asked.term = spreads.term and asked.row_id = spreads.row_id
)

select
    measured.session_date,
    measured.mark,  -- half hours since the open, 1 to 13
    measured.known_at,  -- the moment of the mark
    measured.underlying,
    measured.put_call,
    measured.term,  -- all, near: expiring within two months, 0dte: expiring that day
    measured.volume,  -- contracts from the open to the mark
    measured.premium_usd,
    round(cast(measured.package_volume as double) / measured.all_volume, 9)
        as package_frac,  -- share of packages in the volume of all terms, 0 to 1
    measured.n_median as n_obs,  -- sessions of history, 60 at most
    round(case when measured.n_mean >= params.min_mean_obs then measured.mean_volume end, 6)
        as mean20,  -- contracts at the same mark, mean of 20 sessions; null below 10
    round(
        case
            when measured.n_mean >= params.min_mean_obs
                then measured.volume / nullif(measured.mean_volume, 0)
        end, 9
    ) as ratio20,  -- volume over mean20
    round(
        case
            when measured.n_mean >= params.min_obs
                then (measured.volume - measured.mean_volume) / nullif(measured.sd_volume, 0)
        end, 9
    ) as z20,  -- standard deviations of 20 sessions above mean20; null below 20
    case when measured.n_median >= params.min_obs then measured.median_volume end
        as median60,  -- contracts at the same mark, median of 60 sessions; null below 20
    case when measured.n_median >= params.min_obs then measured.max_volume end
        as max60,  -- contracts at the same mark, most of 60 sessions; null below 20
    round(
        case
            when measured.n_median >= params.min_obs
                then
                    0.6745 * (ln(1 + measured.volume) - measured.median_y)
                    / nullif(measured.mad_y, 0)
        end, 9
    ) as mz60  -- modified z of ln(1 + volume) in 60 sessions; null where half of them are equal
from measured
cross join params
