-- what:    How much was added to each order book in each hour, and how unequal the sizes were.
-- grain:   one row per venue, pair and hour with something added
-- status:  live
-- keep:    partials, rolling 1h
-- needs:   0s

select
    venue,
    pair,
    known_date,  -- the UTC day of the hour
    hour_at,  -- the hour's begin
    cast(sum(n_adds) as bigint) as n_adds,  -- what was added, in pieces
    sum(sum_size) as sum_size,  -- base units
    -- A ratio, so that its rounding is the same for large coins and for small ones.
    round(
        sum(bin_size * bin_size * cast(sum_square as double)) * cast(sum(n_adds) as double)
        / (cast(sum(sum_size) as double) * cast(sum(sum_size) as double)), 9
    ) as square_ratio,  -- mean of squares over the square of the mean; 1 where all are equal
    max(known_at) as known_at
from features.book_size_hours
group by venue, pair, known_date, hour_at
