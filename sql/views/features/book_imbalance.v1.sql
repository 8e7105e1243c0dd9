-- what:    Each second's imbalance with its rank among the 24 whole hours before its hour.
-- grain:   one row per venue, pair and second; abs_obi_pr is null below 3,600 bars of history
-- status:  live
-- needs:   25h

with params as (
    select
        interval 24 hours as baseline,  -- rule book B5
        3_600 as min_obs  -- an hour of bars; below it a tail of 1 % is 36 seconds at most
),

binned as (
    select
        *,
        date_trunc('hour', bar_at) as hour_at,
        cast(floor(round(100 * abs(obi), 6)) as bigint) as bin
    from features.book_bars
),

asked as (
    select
        venue, pair, hour_at
    from binned
    group by venue, pair, hour_at
),

baselines as (
    select
        asked.venue, asked.pair, asked.hour_at, past.bin,
        sum(past.n_bars) as n_bars
    from asked
    cross join params
    inner join features.book_imbalance_hours as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and past.hour_at >= asked.hour_at - params.baseline
            and asked.hour_at > past.hour_at
    group by asked.venue, asked.pair, asked.hour_at, past.bin
),

bins as (
    select
        venue, pair, hour_at, bin
    from binned
    where bin is not null
    group by venue, pair, hour_at, bin
),

-- The rank of every hundredth that the hour may see, its own seconds left out.
ranks as (
    select
        bins.venue, bins.pair, bins.hour_at, bins.bin,
        sum(past.n_bars) as n_obs,
        sum(case when past.bin < bins.bin then past.n_bars else 0 end)
        + sum(case when past.bin <= bins.bin then past.n_bars else 0 end) as twice_rank
    from bins
    inner join baselines as past
        on
            bins.venue = past.venue
            and bins.pair = past.pair
            and bins.hour_at = past.hour_at
    group by bins.venue, bins.pair, bins.hour_at, bins.bin
)

select
    bars.venue,
    bars.pair,
    bars.bar_at,
    bars.known_at,
    bars.obi,
    case
        when ranks.n_obs >= params.min_obs
            then round(cast(ranks.twice_rank as double) / (2 * ranks.n_obs), 9)
    end as abs_obi_pr,  -- mid-rank percentile of |obi| by hundredths, 0 to 1
    cast(coalesce(ranks.n_obs, 0) as bigint) as n_obs,  -- bars in the baseline
    bars.mid,
    bars.microprice,
    bars.spread_bps,
    bars.obi_10bps,
    bars.n_updates,
    bars.epoch
from binned as bars
cross join params
left join ranks
    on
        bars.venue = ranks.venue
        and bars.pair = ranks.pair
        and bars.hour_at = ranks.hour_at
        and bars.bin = ranks.bin
