-- kind:       event
-- partition:  day
-- calendar:   calendar
-- what:       Snapshots of whole option chains.
-- grain:      one row per contract and session; a later snapshot of it is a newer version
-- key:        contract, session_date

create table option_chains (
    calendar text not null,  -- whose sessions: XNYS, or 24/7
    session_date date not null,  -- the session that the snapshot shows
    underlying text not null,  -- the ticker valid then; of a coin venue:BASE-QUOTE
    contract text not null,  -- OSI symbol without padding; elsewhere the venue's own name
    expiration date not null,  -- last day of the contract
    strike decimal(18, 8) not null,  -- USD
    put_call text not null,  -- call or put
    currency text not null,  -- of the prices: USD, or the coin that they are in
    bid decimal(18, 8),  -- of one unit of the underlying; null where nobody bids
    ask decimal(18, 8),  -- null where nobody offers
    last decimal(18, 8),  -- null where it never traded
    mid decimal(18, 8),  -- between bid and ask, or a close of which nobody says what it is of
    mark decimal(18, 8),  -- the venue's own fair price, where it has one
    volume decimal(18, 4),  -- contracts traded in the session up to the snapshot; of coins in 24 h
    iv double,  -- implied volatility, annualised fraction; null where it has none
    delta double,  -- change of the price per USD of the underlying
    gamma double,  -- change of delta per USD of the underlying
    theta double,  -- change of the price a year, in USD
    vega double,  -- change of the price per 1.00 of volatility, in USD
    underlying_price decimal(18, 8),  -- USD, at the snapshot
    check (put_call in ('call', 'put')),
    check (strike > 0),
    check (bid >= 0),
    check (ask >= 0),
    check (volume >= 0),
    check (volume % 1 = 0 or calendar <> 'XNYS')
);
