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
    open decimal(18, 8) not null,  -- USD
    high decimal(18, 8) not null,  -- USD
    low decimal(18, 8) not null,  -- USD
    close decimal(18, 8) not null,  -- USD
    volume decimal(20, 4) not null,  -- shares
    check (bar in ('1m', '1d')),
    check (low <= open and low <= close and open <= high and close <= high),
    check (volume >= 0)
);
