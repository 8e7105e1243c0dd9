-- kind:       event
-- partition:  day
-- calendar:   XNYS
-- what:       Bars of option trades, of a minute or of a session.
-- grain:      one row per contract, length and begin
-- key:        contract, bar, starts_at

create table option_bars (
    contract text not null,  -- OSI symbol without padding
    bar text not null,  -- 1m or 1d
    starts_at timestamptz not null,  -- the bar's begin; of a session its open
    session_date date not null,  -- the session
    root text not null,  -- the contract's class, SPXW
    expiration date not null,  -- last day of the contract
    strike decimal(18, 8) not null,  -- USD
    put_call text not null,  -- call or put
    open decimal(18, 8) not null,  -- USD a share
    high decimal(18, 8) not null,  -- USD a share
    low decimal(18, 8) not null,  -- USD a share
    close decimal(18, 8) not null,  -- USD a share
    volume decimal(18, 4) not null,  -- contracts
    n_trades bigint,  -- prints; null where the source does not count them
    check (bar in ('1m', '1d')),
    check (put_call in ('call', 'put')),
    check (strike > 0),
    check (low <= open and low <= close and open <= high and close <= high),
    check (volume >= 0)
);
