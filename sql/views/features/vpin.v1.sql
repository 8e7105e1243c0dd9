-- what:    VPIN of the last 50 buckets of volume, with its rank in the 30 days before its own.
-- grain:   one row per venue, pair, UTC day and bucket without a gap; vpin is null where 50 of them
--          reach back over 7 days, vpin_pr below 500 values of history
-- status:  live
-- needs:   39d

with params as (
    select
        50 as n_buckets,  -- rule book B12; the frame below says it too
        7 as reach_days,  -- of a pair that trades less than before; a guess
        30 as history_days,  -- as long as the volume that sizes a bucket
        500 as min_obs  -- ten times 50, which is ten values that share no bucket
),

sums as (
    select
        *,
        count(*) over newest as n_summed,
        min(clock_date) over newest as first_date,
        sum(abs(net_volume)) over newest as sum_imbalance,
        sum(net_volume) over newest as sum_net,
        sum(bucket_volume) over newest as sum_volume
    from features.vpin_buckets
    where not has_gap
    window
        newest as (
            partition by venue, pair order by clock_date, bucket
            rows between 49 preceding and current row
        )
),

valued as (
    select
        sums.*,
        params.min_obs,
        case
            when
                sums.n_summed = params.n_buckets
                and sums.clock_date - params.reach_days <= sums.first_date
                then round(cast(sums.sum_imbalance as double) / cast(sums.sum_volume as double), 9)
        end as vpin
    from sums
    cross join params
),

binned as (
    select
        *,
        cast(floor(round(1_000 * vpin, 6)) as bigint) as bin
    from valued
),

bins as (
    select
        venue, pair, clock_date, bin,
        count(*) as n_values
    from binned
    where bin is not null
    group by venue, pair, clock_date, bin
),

ranks as (
    select
        bins.venue, bins.pair, bins.clock_date, bins.bin,
        sum(past.n_values) as n_obs,
        sum(case when past.bin < bins.bin then past.n_values else 0 end)
        + sum(case when past.bin <= bins.bin then past.n_values else 0 end) as twice_rank
    from bins
    cross join params
    inner join bins as past
        on
            bins.venue = past.venue
            and bins.pair = past.pair
            and bins.clock_date > past.clock_date
            and bins.clock_date - params.history_days <= past.clock_date
    group by bins.venue, bins.pair, bins.clock_date, bins.bin
)

select
    binned.venue,
    binned.pair,
    binned.clock_date,
    binned.bucket,
    binned.known_at,
    binned.vpin,  -- mean |buys - sells| over volume of the last 50 buckets, 0 to 1
    round(cast(binned.sum_net as double) / cast(binned.sum_volume as double), 9)
        as net_frac,  -- (buys - sells) over volume of the same buckets, -1 to 1
    case
        when ranks.n_obs >= binned.min_obs
            then round(cast(ranks.twice_rank as double) / (2 * ranks.n_obs), 9)
    end as vpin_pr,  -- mid-rank percentile of vpin by thousandths, 0 to 1
    cast(coalesce(ranks.n_obs, 0) as bigint) as n_obs,  -- values in that history
    binned.first_date,  -- the clock_date of the first of the 50
    cast(binned.bucket_volume as double) as bucket_volume,
    binned.n_days
from binned
left join ranks
    on
        binned.venue = ranks.venue
        and binned.pair = ranks.pair
        and binned.clock_date = ranks.clock_date
        and binned.bin = ranks.bin
