-- kind:       event
-- partition:  day
-- what:       Option prints as their venues sent them, cancels and corrections among them.
-- grain:      one row per print and version
-- key:        venue, trade_id

create table option_trades (
    traded_at timestamptz not null,  -- when it was matched, or told by the SIP
    session_date date not null,  -- the session's own date at its exchange
    venue text not null,  -- where it traded, by the source's code
    trade_id text not null,  -- the source's id, else what the print is and its number
    contract text not null,  -- the contract's symbol
    price decimal(18, 8) not null,  -- in the currency of the contract
    size decimal(18, 8) not null,  -- contracts
    index_price decimal(18, 8),  -- the underlying's price, where the source sends it
    side tinyint,  -- 1 buyer-initiated, -1 seller-initiated; null if the source is silent
    condition text,  -- the source's own code
    check (price >= 0),
    check (size > 0),
    check (side in (1, -1))
);
