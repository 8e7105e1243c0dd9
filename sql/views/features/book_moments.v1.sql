-- what:    Mean and variance of what is added to an order book, where what is older counts less.
-- grain:   one row per venue, pair and minute in which something was added, over the 48 whole hours
--          before the minute's hour and the minutes of the hour before it; n_obs is 0 and the rest
--          null where nothing was added in these
-- status:  live
-- keep:    rolling 1m
-- needs:   1h, 49h of features.book_moment_hours

with params as (
    select
        interval 48 hours as lookback,  -- eight half-lives: what is older would weigh 0.4 %
        21_600_000_000 as half_life_us,  -- 6 hours, rule book B3
        1_800_000_000 as half_hour_us,  -- what came in an hour is as old as its middle
        30_000_000 as half_minute_us  -- and in a minute
),

minutes as (
    select
        venue, pair, minute_at, hour_at,
        min(first_known_at) as known_at,
        cast(sum(n_adds) as bigint) as n_adds,
        cast(sum(sum_size) as double) as sum_size,
        sum(bin_size * bin_size * cast(sum_square as double)) as sum_square
    from features.book_size_minutes
    group by venue, pair, minute_at, hour_at
),

pasts as (
    select
        asked.venue, asked.pair, asked.minute_at,
        past.n_adds,
        cast(past.sum_size as double) as sum_size,
        past.square_ratio * cast(past.sum_size as double) * cast(past.sum_size as double)
        / past.n_adds as sum_square,
        pow(
            0.5,
            (epoch_us(asked.minute_at) - epoch_us(past.hour_at) - params.half_hour_us)
            / cast(params.half_life_us as double)
        ) as weight
    from minutes as asked
    cross join params
    inner join features.book_moment_hours as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and past.hour_at >= asked.hour_at - params.lookback
            and asked.hour_at > past.hour_at
    union all
    select
        asked.venue, asked.pair, asked.minute_at,
        past.n_adds, past.sum_size, past.sum_square,
        pow(
            0.5,
            (epoch_us(asked.minute_at) - epoch_us(past.minute_at) - params.half_minute_us)
            / cast(params.half_life_us as double)
        ) as weight
    from minutes as asked
    cross join params
    inner join minutes as past
        on
            asked.venue = past.venue
            and asked.pair = past.pair
            and asked.minute_at > past.minute_at
            and asked.hour_at <= past.minute_at
),

sums as (
    select
        venue, pair, minute_at,
        cast(sum(n_adds) as bigint) as n_obs,
        sum(weight * n_adds) as n,
        sum(weight * sum_size) as size,
        sum(weight * sum_square) as square
    from pasts
    group by venue, pair, minute_at
),

moments as (
    select
        *,
        round(size / n, 12) as mean_size,
        greatest(0, round(square * n / (size * size) - 1, 9)) as variation
    from sums
)

select
    asked.venue,
    asked.pair,
    asked.minute_at,  -- the minute's begin, up to which it is reckoned
    asked.known_at,  -- when the minute's first one came, by which all before the minute was known
    coalesce(moments.n_obs, 0) as n_obs,  -- what was added in the time before, in pieces
    moments.mean_size,  -- base units; what is 6 hours older weighs half
    moments.mean_size * moments.mean_size * moments.variation
        as variance  -- of base units, to a billionth of the mean's square
from minutes as asked
left join moments
    on
        asked.venue = moments.venue
        and asked.pair = moments.pair
        and asked.minute_at = moments.minute_at
