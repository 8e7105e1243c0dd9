-- kind:       event
-- partition:  day
-- calendar:   XNYS
-- what:       Snapshots of whole option chains.
-- grain:      one row per contract and session; a later snapshot of it is a newer version
-- key:        contract, session_date

create table option_chains (
    session_date date not null,  -- the session that the snapshot shows
    underlying text not null,  -- the ticker valid then
    contract text not null,  -- OSI symbol without padding
    expiration date not null,  -- last day of the contract
    strike decimal(18, 8) not null,  -- USD
    put_call text not null,  -- call or put
    bid decimal(18, 8),  -- USD a share; null where nobody bids
    ask decimal(18, 8),  -- USD a share; null where nobody offers
    last decimal(18, 8),  -- USD a share; null where it never traded
    volume bigint,  -- contracts traded in the session up to the snapshot
    iv double,  -- implied volatility, annualised fraction; null where it has none
    delta double,  -- change of the price per USD of the underlying
    gamma double,  -- change of delta per USD of the underlying
    underlying_price decimal(18, 8),  -- USD, at the snapshot
    check (put_call in ('call', 'put')),
    check (strike > 0),
    check (bid >= 0),
    check (ask >= 0),
    check (volume >= 0)
);
