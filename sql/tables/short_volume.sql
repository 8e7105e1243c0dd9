-- kind:       event
-- partition:  month
-- calendar:   XNYS
-- what:       Daily short-sale volume, as FINRA's facilities and one exchange report it.
-- grain:      one row per session, facility and symbol
-- key:        session_date, facility, source_symbol

create table short_volume (
    session_date date not null,  -- the session of the trades
    facility text not null,  -- as FINRA names its files, CNMS to FORF; BATS is an exchange
    source_symbol text not null,  -- as FINRA spells it
    symbol text not null,  -- our ticker
    short_volume decimal(20, 6) not null,  -- shares sold short, exempt ones included
    short_exempt_volume decimal(20, 6) not null,  -- shares sold short and exempt
    total_volume decimal(20, 6) not null,  -- shares reported to the facility, or traded there
    market text not null,  -- letters of the facilities that reported
    check (facility in ('CNMS', 'FNSQ', 'FNQC', 'FNYX', 'FNRA', 'FORF', 'BATS')),
    check (short_volume >= 0),
    check (short_exempt_volume <= short_volume),
    check (short_volume <= total_volume)
);
