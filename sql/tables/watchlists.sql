-- kind:       state
-- partition:  none
-- what:       Personal watch lists: what a person follows, how far it may move, what is held of it.
-- grain:      one row per list and symbol
-- key:        watchlist, symbol

create table watchlists (
    watchlist text not null,  -- its name
    symbol text not null,  -- AAPL, BRK.B, binance:BTC-USDT
    threshold_pct double,  -- per cent of the price, over the horizon; null where none is set
    threshold_sigma double,  -- standard deviations of the horizon; null where none is set
    horizon text,  -- 5m, 15m, 60m, 1d, 14d; null is 1d for per cent and 15m for deviations
    direction text,  -- up or down; null is both
    quantity double,  -- shares or coins held; negative where sold short
    cost_usd double,  -- paid for one
    is_active boolean not null,  -- false keeps the line and tells nothing of it
    note text,  -- in the person's words
    check (regexp_full_match(watchlist, '[A-Za-z0-9_.-]+')),
    check (threshold_pct > 0),
    check (threshold_sigma > 0),
    check (horizon in ('5m', '15m', '60m', '1d', '14d')),
    check (direction in ('up', 'down')),
    check (cost_usd >= 0)
);
