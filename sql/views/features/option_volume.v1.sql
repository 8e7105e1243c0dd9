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
        case when marks.term = '0dte' then '0dte' else 'all' end as kind
    from features.option_marks as marks
    cross join params
    where marks.volume >= params.min_volume
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

first_days as (
    select underlying, kind, min(place) as place
    from days
    group by underlying, kind
),

loaded as (
    select place
    from days
    group by place
),

-- A session without trades is one too, but of 0-DTE only those that had them.
counted as (
    select
        first_days.underlying, first_days.kind, loaded.place,
        days.place is not null as is_traded,
        row_number() over in_order as nth
    from first_days
    inner join loaded on first_days.place <= loaded.place
    left join days
        on
            first_days.underlying = days.underlying
            and first_days.kind = days.kind
            and loaded.place = days.place
    where first_days.kind <> '0dte' or days.place is not null
    window in_order as (partition by first_days.underlying, first_days.kind order by loaded.place)
),

places as (
    select underlying, kind, place
    from asked
    group by underlying, kind, place
),

-- The history of a place: from the first session with trades in reach to the last before it.
reached as (
    select
        places.underlying, places.kind, places.place,
        min(case when counted.is_traded then counted.nth end) as first_nth,
        max(counted.nth) as last_nth
    from places
    cross join params
    inner join counted
        on
            places.underlying = counted.underlying
            and places.kind = counted.kind
            and places.place > counted.place
            and places.place - case
                when places.kind = '0dte' then params.zero_dte_reach_sessions
                else params.reach_sessions
            end <= counted.place
    group by places.underlying, places.kind, places.place
),

stretches as (
    select
        reached.underlying, reached.kind, reached.place, reached.last_nth,
        greatest(reached.first_nth, reached.last_nth - params.median_sessions + 1) as median_nth,
        greatest(reached.first_nth, reached.last_nth - params.mean_sessions + 1) as mean_nth
    from reached
    cross join params
    where reached.first_nth is not null
),

series as (
    select underlying, put_call, term, kind, mark
    from asked
    group by underlying, put_call, term, kind, mark
),

told as (
    select
        series.underlying, series.put_call, series.term, series.mark, counted.nth,
        coalesce(volumes.volumes[series.mark], 0) as volume
    from series
    inner join counted on series.underlying = counted.underlying and series.kind = counted.kind
    left join volumes
        on
            series.underlying = volumes.underlying
            and series.put_call = volumes.put_call
            and series.term = volumes.term
            and counted.place = volumes.place
),

-- All sessions of a series lie in one list, of which each place takes its own stretch.
lists as (
    select
        underlying, put_call, term, mark,
        list(volume order by nth) as volumes,
        list(ln(1 + volume) order by nth) as ys,
        list(cast(volume as hugeint) * volume order by nth) as squares
    from told
    group by underlying, put_call, term, mark
),

taken as (
    select
        asked.*,
        list_slice(lists.volumes, stretches.median_nth, stretches.last_nth) as long_volumes,
        list_slice(lists.ys, stretches.median_nth, stretches.last_nth) as long_ys,
        list_slice(lists.volumes, stretches.mean_nth, stretches.last_nth) as short_volumes,
        list_slice(lists.squares, stretches.mean_nth, stretches.last_nth) as short_squares
    from asked
    left join stretches
        on
            asked.underlying = stretches.underlying
            and asked.kind = stretches.kind
            and asked.place = stretches.place
    left join lists
        on
            stretches.place is not null
            and asked.underlying = lists.underlying
            and asked.put_call = lists.put_call
            and asked.term = lists.term
            and asked.mark = lists.mark
),

middles as (
    select
        * exclude (long_volumes, long_ys, short_volumes, short_squares),
        coalesce(len(long_volumes), 0) as n_median,
        coalesce(len(short_volumes), 0) as n_mean,
        list_aggregate(long_ys, 'median') as median_y,
        list_aggregate(long_ys, 'mad') as mad_y,
        list_aggregate(long_volumes, 'median') as median_volume,
        list_aggregate(long_volumes, 'max') as max_volume,
        list_aggregate(short_volumes, 'sum') as sum_volume,
        list_aggregate(short_squares, 'sum') as sum_squares
    from taken
),

measured as (
    select
        *,
        cast(sum_volume as double) / nullif(n_mean, 0) as mean_volume,
        sqrt(
            cast(n_mean * sum_squares - cast(sum_volume as hugeint) * sum_volume as double)
            / nullif(n_mean * (n_mean - 1), 0)
        ) as sd_volume
    from middles
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
