-- what:    How often a book was how lopsided in each hour, for ranking what comes later.
-- grain:   one row per venue, pair, hour and hundredth of |obi|
-- status:  live
-- keep:    partials, rolling 1h
-- needs:   0s

with binned as (
    select
        *,
        date_trunc('hour', bar_at) as hour_at,
        cast(floor(round(100 * abs(obi), 6)) as bigint) as bin
    from features.book_bars
    where obi is not null
)

select
    venue,
    pair,
    known_date,  -- the UTC day of the hour
    hour_at,  -- the hour's begin
    bin,  -- |obi| in whole hundredths, rounded down; 0 to 100
    count(*) as n_bars,  -- seconds that ended so
    max(known_at) as known_at
from binned
group by venue, pair, known_date, hour_at, bin
