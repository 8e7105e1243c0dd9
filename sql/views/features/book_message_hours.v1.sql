-- what:    How many messages and trades the seconds of each hour had, for later ones.
-- grain:   one row per venue, pair, hour, measure and number: messages or trades
-- status:  live
-- keep:    partials, rolling 1h
-- needs:   0s

with counted as (
    select
        venue, pair, known_date, bar_at, known_at,
        'messages' as measure,
        n_messages as n
    from features.book_messages
    union all
    select
        venue, pair, known_date, bar_at, known_at,
        'trades' as measure,
        n_trades as n
    from features.book_messages
)

select
    venue,
    pair,
    known_date,  -- the UTC day of the hour
    date_trunc('hour', bar_at) as hour_at,  -- the hour's begin
    measure,  -- messages, trades
    n,  -- of them in a second
    count(*) as n_bars,  -- seconds with a message that had so many
    max(known_at) as known_at
from counted
group by venue, pair, known_date, date_trunc('hour', bar_at), measure, n
