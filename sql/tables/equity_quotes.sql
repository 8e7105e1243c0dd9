-- kind:       event
-- partition:  day
-- calendar:   XNYS
-- what:       The national best bid and offer of stocks, both sides after each change.
-- grain:      one row per symbol, moment and order within it
-- key:        symbol, quoted_at, place

create table equity_quotes (
    symbol text not null,  -- the ticker valid then
    quoted_at timestamptz not null,  -- since when it stands, as it was published
    place bigint not null,  -- counts the rows of one symbol and moment
    session_date date not null,  -- New York's day of it
    bid decimal(18, 8),  -- USD; null where nobody bids
    ask decimal(18, 8),  -- USD; null where nobody offers
    bid_size decimal(20, 6),  -- shares
    ask_size decimal(20, 6),  -- shares
    bid_venue text,  -- who bids, by the source's own code
    ask_venue text,  -- who offers, by the source's own code
    check (bid > 0),
    check (ask > 0),
    check (bid_size >= 0),
    check (ask_size >= 0)
);
