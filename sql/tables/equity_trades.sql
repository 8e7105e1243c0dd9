-- kind:       event
-- partition:  day
-- calendar:   XNYS
-- what:       Prints of stocks as the consolidated tapes told them, on and off exchange.
-- grain:      one row per print and version
-- key:        session_date, symbol, venue, trade_id

create table equity_trades (
    symbol text not null,  -- the ticker valid then
    venue text not null,  -- where it traded, by the source's own code
    facility text,  -- who was told of it off exchange: FINN, FINC, FINY or XADF, where said
    trade_id text not null,  -- the source's id, else its number in the source's order
    traded_at timestamptz not null,  -- when it was executed, as reported
    session_date date not null,  -- New York's day on which it was published
    tape text,  -- A, B or C; null where the source does not say
    price decimal(18, 8) not null,  -- USD a share
    size decimal(20, 6) not null,  -- shares, from 2026 on with fractions
    conditions text,  -- the source's codes in order, commas between; null where it sends none
    check (facility in ('FINN', 'FINC', 'FINY', 'XADF')),
    check (tape in ('A', 'B', 'C')),
    check (price > 0),
    check (size > 0)
);
