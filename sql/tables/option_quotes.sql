-- kind:       event
-- partition:  day
-- calendar:   calendar
-- what:       Best bids and offers of option contracts, each at a moment at which it stood.
-- grain:      one row per contract, moment and order within it
-- key:        contract, stood_at, place

create table option_quotes (
    contract text not null,  -- OSI symbol without padding; elsewhere the venue's own name
    stood_at timestamptz not null,  -- a moment at which it stood: of a change that moment
    place bigint not null,  -- counts the rows of one contract and moment
    quoted_at timestamptz not null,  -- since when it stands
    calendar text not null,  -- whose sessions: XNYS, or 24/7
    session_date date not null,  -- the session, by that calendar
    currency text not null,  -- of the prices: USD, or the coin that they are in
    bid decimal(18, 8),  -- of one unit of the underlying; null where nobody bids
    ask decimal(18, 8),  -- null where nobody offers
    bid_size decimal(18, 8),  -- contracts
    ask_size decimal(18, 8),  -- contracts
    bid_venue text,  -- who bids, by the source's own code
    ask_venue text,  -- who offers, by the source's own code
    check (quoted_at <= stood_at),
    check (bid >= 0),
    check (ask >= 0)
);
