-- what:    The lines of each watch list as they stand, also those that are silent.
-- grain:   one row per list and symbol
-- status:  live

select
    watchlist,
    symbol,
    quantity,
    cost_usd,
    threshold_pct,
    threshold_sigma,
    horizon,
    direction,
    is_active,
    note,
    known_at as listed_at,  -- since when the line stands
    count(*) over (partition by watchlist) as n_symbols  -- on the list, silent ones too
from curated.watchlists
where withdrawn_at is null
order by watchlist asc, symbol asc
