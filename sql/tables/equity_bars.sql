-- kind:       event
-- partition:  month
-- calendar:   XNYS
-- what:       Bars of stocks, of a minute or of a session.
-- grain:      one row per symbol, length and begin
-- key:        symbol, bar, starts_at

create table equity_bars (
    symbol text not null,  -- the ticker valid then
    bar text not null,  -- 1m or 1d
    starts_at timestamptz not null,  -- the bar's begin; of a session its open
    session_date date not null,  -- the session
    open decimal(18, 8),  -- USD; null in a bar of a close alone
    high decimal(18, 8),  -- USD; null in a bar of a close alone
    low decimal(18, 8),  -- USD; null in a bar of a close alone
    close decimal(18, 8) not null,  -- USD
    volume decimal(20, 4) not null,  -- shares, adjusted for splits where prices are
    adjusted text not null,  -- what prices are adjusted for: none, split, or all (dividends too)
    adjusted_to date,  -- the last day whose actions are in them; null where adjusted is none
    is_close_only boolean,  -- true where the source tells a close and volume alone; else null
    note text,  -- what the loader mended of it, or doubts (`mended: …`, `doubted: …`); else null
    check (bar in ('1m', '1d')),
    check (open > 0 and high > 0 and low > 0),
    check (close > 0),
    check (low <= open and low <= close and open <= high and close <= high),
    check (open is not null and high is not null and low is not null or is_close_only is true),
    check (volume >= 0),
    check (adjusted in ('none', 'split', 'all')),
    check (adjusted <> 'none' or adjusted_to is null),
    check (adjusted = 'none' or adjusted_to is not null)
);
