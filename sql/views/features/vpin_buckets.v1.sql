-- what:    Buckets of equal volume, a fiftieth of the usual day each, and who began their trades.
-- grain:   one row per venue, pair, UTC day and full bucket; the volume clock starts anew each day,
--          so what is left over at midnight is in none; a run that fills over 50 tells the last 50
-- status:  live
-- keep:    rolling
-- needs:   1d, 31d of features.crypto_hours

with params as (
    select
        50 as buckets_per_day,  -- rule book B12
        30 as adv_days,  -- rule book B12
        10 as min_days,  -- a plain mean needs 10, rule book 0.3
        20 as min_hours,  -- with a trade; a day of which the store saw half is none; a guess
        interval 1 second as run_second  -- runs are known once their second is over
),

asked as (
    select
        venue, pair, known_date
    from features.trade_runs
    group by venue, pair, known_date
),

days as (
    select
        hours.venue, hours.pair, hours.known_date,
        sum(hours.volume) as volume
    from features.crypto_hours as hours
    cross join params
    group by hours.venue, hours.pair, hours.known_date, params.min_hours
    having count(*) >= params.min_hours
),

sized as (
    select
        asked.venue, asked.pair, asked.known_date,
        count(*) as n_days,
        cast(
            round(cast(sum(days.volume) as double) / (count(*) * params.buckets_per_day), 8)
            as decimal(38, 8)
        ) as bucket_volume
    from asked
    cross join params
    inner join days
        on
            asked.venue = days.venue
            and asked.pair = days.pair
            and asked.known_date > days.known_date
            and asked.known_date - params.adv_days <= days.known_date
    group by
        asked.venue, asked.pair, asked.known_date, params.buckets_per_day, params.min_days
    having count(*) >= params.min_days
),

clocked as (
    select
        runs.*,
        sized.n_days, sized.bucket_volume,
        sum(runs.volume) over in_order as after_volume,
        sum(case when runs.side = 1 then runs.volume else 0 end) over in_order as after_buys
    from features.trade_runs as runs
    inner join sized
        on
            runs.venue = sized.venue
            and runs.pair = sized.pair
            and runs.known_date = sized.known_date
    where sized.bucket_volume > 0
    window
        in_order as (
            partition by runs.venue, runs.pair, runs.known_date order by runs.second_at, runs.run
        )
),

-- The remainder is exact, and so is the number of whole buckets below it.
counted as (
    select
        *,
        after_volume - volume as before_volume,
        cast(round((after_volume - after_volume % bucket_volume) / bucket_volume) as bigint)
            as n_after,
        cast(
            round(
                (after_volume - volume - (after_volume - volume) % bucket_volume) / bucket_volume
            ) as bigint
        ) as n_before
    from clocked
),

edges as (
    select
        counted.*,
        counted.n_after - back.place as bucket,
        (counted.n_after - back.place) * counted.bucket_volume as edge_volume,
        counted.second_at + params.run_second as closed_at
    from counted
    cross join params
    inner join range(0, 50) as back (place) on counted.n_after - back.place > counted.n_before
),

bought as (
    select
        *,
        after_buys - case when side = 1 then after_volume - edge_volume else 0 end as edge_buys
    from edges
),

buckets as (
    select
        *,
        coalesce(lag(closed_at) over in_order, timezone('UTC', cast(known_date as timestamp)))
            as began_at,
        case
            when edge_volume - bucket_volume >= before_volume then side * bucket_volume
            else
                2 * (edge_buys - coalesce(lag(edge_buys) over in_order, 0)) - bucket_volume
        end as net_volume
    from bought
    window in_order as (partition by venue, pair, known_date order by bucket)
),

missed as (
    select
        buckets.venue, buckets.pair, buckets.known_date, buckets.bucket
    from buckets
    inner join ops.feed_gaps as gaps
        on
            buckets.venue = gaps.venue
            and (buckets.pair = gaps.pair or gaps.pair = 'all')
            and gaps.channel = 'trades'
            and buckets.closed_at > gaps.began_at
            and buckets.began_at < coalesce(gaps.ended_at, buckets.closed_at)
            and buckets.closed_at >= gaps.known_at
    group by buckets.venue, buckets.pair, buckets.known_date, buckets.bucket
)

select
    buckets.venue,
    buckets.pair,
    buckets.known_date as clock_date,  -- the UTC day whose volume is counted
    buckets.bucket,  -- 1 for the day's first
    buckets.began_at,
    buckets.closed_at as known_at,  -- the end of the second that filled it
    buckets.bucket_volume,  -- base units, the mean day of the 30 before over 50
    buckets.net_volume,  -- base units, buyer-initiated less seller-initiated
    buckets.n_days,  -- days in that mean
    missed.bucket is not null as has_gap  -- trades are missing in it
from buckets
left join missed
    on
        buckets.venue = missed.venue
        and buckets.pair = missed.pair
        and buckets.known_date = missed.known_date
        and buckets.bucket = missed.bucket
