-- kind:       event
-- partition:  day
-- calendar:   calendar
-- what:       Option prints as their venues sent them, cancels and corrections among them.
-- grain:      one row per print and version
-- key:        contract, venue, trade_id

create table option_trades (
    contract text not null,  -- OSI symbol without padding; elsewhere the venue's own name
    venue text not null,  -- where it traded, by the source's own code
    trade_id text not null,  -- the source's id, else what the print is and its number
    traded_at timestamptz not null,  -- when it was matched, or told where nobody says that
    calendar text not null,  -- whose sessions: XNYS, or 24/7
    session_date date not null,  -- the session, by that calendar
    root text not null,  -- the contract's class, SPXW; elsewhere venue:BASE-QUOTE
    expiration date not null,  -- last day of the contract
    strike decimal(18, 8) not null,  -- USD
    put_call text not null,  -- call or put
    price decimal(18, 8) not null,  -- of one unit of the underlying, in currency
    size decimal(18, 8) not null,  -- contracts
    currency text not null,  -- of the price: USD, or the coin that it is quoted in
    multiplier decimal(18, 8),  -- units a contract; null: what its root has
    condition text,  -- the source's own code; null where it sends none
    side bigint,  -- 1 buyer-initiated, -1 seller-initiated; null if the source is silent
    bid decimal(18, 8),  -- best bid before the print, in currency, where the source sends it
    ask decimal(18, 8),  -- best offer before the print
    bid_size decimal(18, 8),  -- contracts at the bid
    ask_size decimal(18, 8),  -- contracts offered
    underlying_price decimal(18, 8),  -- USD, before the print; of a coin its index
    iv double,  -- implied volatility, annualised fraction, where the source sends it
    delta double,  -- change of the price per USD of the underlying, where the source sends it
    block_id text,  -- the venue's id of the block or package that it is a leg of
    check (put_call in ('call', 'put')),
    check (strike > 0),
    check (price >= 0),
    check (size > 0),
    check (session_date <= expiration),
    check (side in (1, -1)),
    check (iv > 0)
);
