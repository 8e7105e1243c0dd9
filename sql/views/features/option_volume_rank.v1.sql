-- what:    Option volume up to a half-hour mark, ranked among the same mark of its own year.
-- grain:   one row per underlying, put_call, term, whole session and mark with volume, 0-DTE left
--          out; a session without trades is a zero from the underlying's first one in the year on,
--          one of which the store holds nothing is none; pr252 is null below 20 sessions
-- status:  live
-- needs:   262 sessions, 0s of features.option_marks

with params as (
    select
        252 as rank_sessions,  -- a year, rule book 0.4
        20 as min_obs  -- below it a percentile says nothing
),

asked as (
    select
        *,
        row_number() over in_order as row_id
    from features.option_marks
    where term <> '0dte'
    window in_order as (partition by term order by place, mark, underlying, put_call)
),

sessions as (
    select
        session_date,
        row_number() over in_order as place
    from curated.us_sessions
    where not is_half_session
    window in_order as (order by sequence)
),

-- Between two marks there is nothing to rank, nor is there in a session that is not over.
hours as (
    select facts.*
    from features.option_half_hours as facts
    cross join ops.clock as clock
    where
        facts.half_hour < 13
        and facts.session_date < cast(timezone('America/New_York', clock.until) as date)
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
),

termed as (
    select
        sessions.place, hours.underlying, hours.put_call, terms.term, hours.half_hour,
        case when terms.term = 'all' then hours.volume else hours.near_volume end as volume
    from hours
    inner join sessions on hours.session_date = sessions.session_date
    inner join (values ('all'), ('near')) as terms (term)
        on terms.term = 'all' or hours.near_volume <> 0
),

reaching as (
    select
        *,
        case when half_hour < 1 then 1 else 0 end as by_1,
        case when half_hour < 2 then 1 else 0 end as by_2,
        case when half_hour < 3 then 1 else 0 end as by_3,
        case when half_hour < 4 then 1 else 0 end as by_4,
        case when half_hour < 5 then 1 else 0 end as by_5,
        case when half_hour < 6 then 1 else 0 end as by_6,
        case when half_hour < 7 then 1 else 0 end as by_7,
        case when half_hour < 8 then 1 else 0 end as by_8,
        case when half_hour < 9 then 1 else 0 end as by_9,
        case when half_hour < 10 then 1 else 0 end as by_10,
        case when half_hour < 11 then 1 else 0 end as by_11,
        case when half_hour < 12 then 1 else 0 end as by_12,
        case when half_hour < 13 then 1 else 0 end as by_13
    from termed
),

volumes as (
    select
        place, underlying, put_call, term,
        [
            sum(volume * by_1), sum(volume * by_2), sum(volume * by_3), sum(volume * by_4),
            sum(volume * by_5), sum(volume * by_6), sum(volume * by_7), sum(volume * by_8),
            sum(volume * by_9), sum(volume * by_10), sum(volume * by_11), sum(volume * by_12),
            sum(volume * by_13)
        ] as volumes
    from reaching
    group by place, underlying, put_call, term
),

ranks as (
    select
        asked.term, asked.row_id,
        count(*) as n_present,
        sum(case when volumes.volumes[asked.mark] < asked.volume then 1 else 0 end)
        + sum(case when volumes.volumes[asked.mark] <= asked.volume then 1 else 0 end)
            as twice_rank
    from asked
    cross join params
    inner join volumes
        on
            asked.underlying = volumes.underlying
            and asked.put_call = volumes.put_call
            and asked.term = volumes.term
            and volumes.place between asked.place - params.rank_sessions and asked.place - 1
    group by asked.term, asked.row_id
),

days as (
    select
        place, underlying
    from volumes
    group by place, underlying
),

loaded as (
    select place
    from days
    group by place
),

names as (
    select
        underlying, place
    from asked
    group by underlying, place
),

begun as (
    select
        names.underlying, names.place,
        min(days.place) as first_place
    from names
    cross join params
    inner join days
        on
            names.underlying = days.underlying
            and days.place between names.place - params.rank_sessions and names.place - 1
    group by names.underlying, names.place
),

lengths as (
    select
        begun.underlying, begun.place,
        count(*) as n_obs
    from begun
    inner join loaded on begun.first_place <= loaded.place and begun.place > loaded.place
    group by begun.underlying, begun.place
),

counted as (
    select
        asked.*,
        coalesce(lengths.n_obs, 0) as n_obs,
        -- What has no row is a zero, and less than any volume.
        2 * (lengths.n_obs - coalesce(ranks.n_present, 0)) + coalesce(ranks.twice_rank, 0)
            as twice_rank
    from asked
    left join ranks on asked.term = ranks.term and asked.row_id = ranks.row_id
    left join lengths on asked.underlying = lengths.underlying and asked.place = lengths.place
)

select
    counted.session_date,
    counted.mark,  -- half hours since the open, 1 to 13
    counted.known_at,  -- the moment of the mark
    counted.underlying,
    counted.put_call,
    counted.term,  -- all, near: expiring within two months
    counted.volume,  -- contracts from the open to the mark
    counted.premium_usd,
    counted.n_obs,  -- sessions of history in the year
    round(
        case
            when counted.n_obs >= params.min_obs
                then cast(counted.twice_rank as double) / (2 * counted.n_obs)
        end, 9
    ) as pr252  -- mid-rank percentile in a year, 0 to 1
from counted
cross join params
