-- what:    What each entity was worth at the end of each of its bars: sessions, or five minutes.
-- grain:   one row per entity and bar
-- status:  live
-- needs:   0s

with both_kinds as (
    select * from backtest.session_closes
    union all by name
    select * from backtest.pair_closes
)

select
    entity,  -- as detectors name it
    security_id,  -- outlives a ticker: what one series is of
    kind,  -- stock, spot (of option chains) or pair
    bar,  -- session or 5m
    session_date,  -- of a pair the UTC day
    place,  -- counts sessions, or the five minutes since 1970
    bar_at,  -- the bar's end
    price,  -- of one share of the span's end; of a pair in its quote currency
    traded_price,  -- as it traded then
    known_at  -- when it was first told
from both_kinds
