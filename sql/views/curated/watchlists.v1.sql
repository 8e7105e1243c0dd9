-- what:    What was on each personal watch list, and since when, as its owner told it.
-- grain:   one row per list, symbol and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.watchlists
    window in_order as (partition by watchlist, symbol order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    watchlist,
    symbol,  -- AAPL, BRK.B, binance:BTC-USDT
    threshold_pct,  -- per cent of the price, over the horizon
    threshold_sigma,  -- standard deviations of the horizon
    horizon,  -- null is 1d for per cent and 15m for deviations
    direction,  -- up or down; null is both
    quantity,  -- shares or coins held
    cost_usd,  -- paid for one
    is_active,
    note,
    known_at,
    replaced_at as withdrawn_at  -- when it was changed or taken off; null while it stands
from versions
where not is_gone
