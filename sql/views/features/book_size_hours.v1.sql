-- what:    What sizes were added to each order book in each hour, for later ones.
-- grain:   one row per venue, pair, side, band, hour and bin of sizes
-- status:  live
-- keep:    partials, rolling 1h
-- needs:   0s

select
    venue,
    pair,
    book_side,
    band_bps,
    known_date,  -- the UTC day of the hour
    hour_at,  -- the hour's begin
    bin,  -- twentieths of ln add_size above a billionth
    max(bin_size) as bin_size,  -- base units, where the bin begins
    cast(sum(n_adds) as bigint) as n_adds,  -- what was added, in pieces
    sum(sum_size) as sum_size,  -- base units
    sum(sum_square) as sum_square,  -- of sizes in units of bin_size
    max(known_at) as known_at
from features.book_size_minutes
group by venue, pair, book_side, band_bps, known_date, hour_at, bin
