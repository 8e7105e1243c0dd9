-- kind:       event
-- partition:  day
-- calendar:   XNYS
-- what:       Bars of the best bid and offer of options, of a minute or of a session.
-- grain:      one row per contract, length and begin
-- key:        contract, bar, starts_at

create table option_quote_bars (
    contract text not null,  -- OSI symbol without padding
    bar text not null,  -- 1m or 1d
    starts_at timestamptz not null,  -- the bar's begin; of a session its open
    session_date date not null,  -- the session
    root text not null,  -- the contract's class, SPXW
    expiration date not null,  -- last day of the contract
    strike decimal(18, 8) not null,  -- USD
    put_call text not null,  -- call or put
    bid_open decimal(18, 8),  -- USD a share; null, as the next, without a bid or a change of it
    bid_high decimal(18, 8),  -- USD a share
    bid_low decimal(18, 8),  -- USD a share
    bid_close decimal(18, 8),  -- USD a share, at the bar's end
    bid_size decimal(18, 4),  -- contracts at the bar's end
    ask_open decimal(18, 8),  -- USD a share; null, as the next, without an offer or a change
    ask_high decimal(18, 8),  -- USD a share
    ask_low decimal(18, 8),  -- USD a share
    ask_close decimal(18, 8),  -- USD a share, at the bar's end
    ask_size decimal(18, 4),  -- contracts at the bar's end
    check (bar in ('1m', '1d')),
    check (put_call in ('call', 'put')),
    check (strike > 0),
    check (bid_close >= 0),
    check (ask_close >= 0)
);
