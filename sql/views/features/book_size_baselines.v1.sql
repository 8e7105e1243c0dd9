-- what:    What sizes are usual in what is added to an order book, by side and distance.
-- grain:   one row per venue, pair, side, band and minute in which something was added there, over
--          the 24 whole hours before the minute's hour and the minutes of the hour before it;
--          n_obs is 0 and the rest null where nothing was added in these
-- status:  live
-- keep:    rolling 1m
-- needs:   1h, 25h of features.book_size_hours

with params as (
    select
        interval 24 hours as baseline  -- rule book B3
),

asked as (
    select
        venue, pair, book_side, band_bps, minute_at, hour_at,
        min(first_known_at) as known_at
    from features.book_size_minutes
    group by venue, pair, book_side, band_bps, minute_at, hour_at
),

asked_hours as (
    select
        venue, pair, book_side, band_bps, hour_at
    from asked
    group by venue, pair, book_side, band_bps, hour_at
),

of_hours as (
    select
        asked_hours.venue, asked_hours.pair, asked_hours.book_side, asked_hours.band_bps,
        asked_hours.hour_at, past.bin,
        sum(past.n_adds) as n_adds,
        sum(past.sum_size) as sum_size
    from asked_hours
    cross join params
    inner join features.book_size_hours as past
        on
            asked_hours.venue = past.venue
            and asked_hours.pair = past.pair
            and asked_hours.book_side = past.book_side
            and asked_hours.band_bps = past.band_bps
            and past.hour_at >= asked_hours.hour_at - params.baseline
            and asked_hours.hour_at > past.hour_at
    group by
        asked_hours.venue, asked_hours.pair, asked_hours.book_side, asked_hours.band_bps,
        asked_hours.hour_at, past.bin
),

pasts as (
    select
        asked.venue, asked.pair, asked.book_side, asked.band_bps, asked.minute_at,
        past.bin, past.n_adds, past.sum_size
    from asked
    inner join of_hours as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and asked.book_side = past.book_side
            and asked.band_bps = past.band_bps
            and asked.hour_at = past.hour_at
    union all
    select
        asked.venue, asked.pair, asked.book_side, asked.band_bps, asked.minute_at,
        past.bin, past.n_adds, past.sum_size
    from asked
    inner join features.book_size_minutes as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and asked.book_side = past.book_side
            and asked.band_bps = past.band_bps
            and asked.minute_at > past.minute_at
            and asked.hour_at <= past.minute_at
),

-- A bin stands for the mean of what is in it.
bins as (
    select
        venue, pair, book_side, band_bps, minute_at, bin,
        cast(sum(n_adds) as bigint) as n_adds,
        cast(sum(sum_size) as double) / cast(sum(n_adds) as bigint) as size
    from pasts
    group by venue, pair, book_side, band_bps, minute_at, bin
),

by_size as (
    select
        *,
        sum(n_adds) over in_order as n_up_to,
        sum(n_adds) over of_minute as n_obs
    from bins
    window
        in_order as (
            partition by venue, pair, book_side, band_bps, minute_at order by bin
            rows between unbounded preceding and current row
        ),
        of_minute as (partition by venue, pair, book_side, band_bps, minute_at)
),

middles as (
    select
        venue, pair, book_side, band_bps, minute_at,
        cast(max(n_obs) as bigint) as n_obs,
        (
            min(case when 2 * n_up_to >= n_obs then size end)
            + min(case when 2 * n_up_to > n_obs then size end)
        ) / 2 as median_size,
        min(case when 10 * n_up_to >= 9 * n_obs then size end) as p90_size,
        min(case when 100 * n_up_to >= 99 * n_obs then size end) as p99_size
    from by_size
    group by venue, pair, book_side, band_bps, minute_at
),

deviations as (
    select
        bins.*,
        middles.n_obs,
        round(abs(ln(bins.size / middles.median_size)), 9) as deviation
    from bins
    inner join middles
        on
            bins.venue = middles.venue
            and bins.pair = middles.pair
            and bins.book_side = middles.book_side
            and bins.band_bps = middles.band_bps
            and bins.minute_at = middles.minute_at
),

by_deviation as (
    select
        *,
        sum(n_adds) over in_order as n_up_to
    from deviations
    window
        in_order as (
            partition by venue, pair, book_side, band_bps, minute_at order by deviation, bin
            rows between unbounded preceding and current row
        )
),

spreads as (
    select
        venue, pair, book_side, band_bps, minute_at,
        (
            min(case when 2 * n_up_to >= n_obs then deviation end)
            + min(case when 2 * n_up_to > n_obs then deviation end)
        ) / 2 as mad_log_size
    from by_deviation
    group by venue, pair, book_side, band_bps, minute_at
)

select
    asked.venue,
    asked.pair,
    asked.book_side,
    asked.band_bps,  -- the band begins so far from the mid: 0, 10, 50, 200
    asked.minute_at,  -- the minute's begin, up to which it is reckoned
    asked.known_at,  -- when the minute's first one came, by which all before the minute was known
    coalesce(middles.n_obs, 0) as n_obs,  -- what was added in the time before, in pieces
    round(middles.median_size, 12) as median_size,  -- base units, to 5 %, as are the next two
    round(middles.p90_size, 12) as p90_size,  -- nine of ten are at most so large
    round(middles.p99_size, 12) as p99_size,  -- and 99 of a hundred
    spreads.mad_log_size  -- median of absolute deviations of ln size from that of the median
from asked
left join middles
    on
        asked.venue = middles.venue
        and asked.pair = middles.pair
        and asked.book_side = middles.book_side
        and asked.band_bps = middles.band_bps
        and asked.minute_at = middles.minute_at
left join spreads
    on
        asked.venue = spreads.venue
        and asked.pair = spreads.pair
        and asked.book_side = spreads.book_side
        and asked.band_bps = spreads.band_bps
        and asked.minute_at = spreads.minute_at
