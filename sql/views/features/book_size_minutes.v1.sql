-- what:    What sizes were added to each order book in each minute, for later ones.
-- grain:   one row per venue, pair, side, band, minute and bin of sizes
-- status:  live
-- keep:    partials, rolling 1m
-- needs:   0s

select
    venue,
    pair,
    book_side,
    band_bps,
    cast(timezone('UTC', minute_at) as date) as known_date,  -- the UTC day of the minute
    minute_at,  -- the minute's begin
    hour_at,  -- the begin of its hour
    bin,  -- twentieths of ln add_size above a billionth
    max(bin_size) as bin_size,  -- base units, where the bin begins
    count(*) as n_adds,  -- what was added, in pieces
    sum(add_size) as sum_size,  -- base units
    sum(
        cast(
            cast(add_size as double) / bin_size * cast(add_size as double) / bin_size
            as decimal(28, 12)
        )
    ) as sum_square,  -- of sizes in units of bin_size, so that it is exact
    min(known_at) as first_known_at,  -- when the first of them came
    max(known_at) as known_at
from features.book_adds
group by
    venue, pair, book_side, band_bps, cast(timezone('UTC', minute_at) as date), minute_at,
    hour_at, bin
