-- kind:       state
-- partition:  none
-- what:       Trading halts of US stocks, as each source tells of their begins and ends.
-- grain:      one row per halt, reason and step: its begin, and its end once that is told
-- key:        symbol, halted_at, reason, step

create table halts (
    symbol text not null,  -- our ticker
    halted_at timestamptz not null,  -- when trading stopped
    reason text not null,  -- the source's code, LUDP, or its words, LULD pause
    step text not null,  -- halted; then resumed, or extended where another halt goes on with it
    issuer text,  -- as the source names it
    listed_on text,  -- the market, as the source names it
    pause_price decimal(18, 8),  -- USD, the limit at which a volatility pause began, where told
    quotes_at timestamptz,  -- of an end: from when quotes are taken again
    trades_at timestamptz,  -- of an end: from when it trades again
    check (step in ('halted', 'resumed', 'extended')),
    check (step <> 'resumed' or coalesce(trades_at, quotes_at) is not null),
    check (trades_at >= halted_at),
    check (pause_price > 0)
);
