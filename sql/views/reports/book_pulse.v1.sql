-- what:    Mid price, imbalance and spread of each order book, second by second.
-- grain:   one row per venue, pair and second in which its book was in sync
-- status:  live

select
    venue, pair, bar_at,
    mid, obi, spread_bps,
    known_at
from features.book_bars
