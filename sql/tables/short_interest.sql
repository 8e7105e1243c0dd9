-- kind:       event
-- partition:  month
-- calendar:   XNYS
-- what:       Short positions of stocks, as firms report them to FINRA twice a month.
-- grain:      one row per settlement date, market class and symbol
-- key:        session_date, source_symbol, market_class

create table short_interest (
    session_date date not null,  -- the settlement date: positions at its end
    source_symbol text not null,  -- as FINRA spells it
    symbol text not null,  -- our ticker
    issuer text,  -- as FINRA names it
    market_class text not null,  -- where it is listed, in FINRA's letters; empty where not told
    short_position decimal(20, 4) not null,  -- shares
    previous_position decimal(20, 4),  -- shares, at the settlement date before
    mean_volume decimal(20, 4),  -- shares a day since the settlement date before
    days_to_cover double,  -- position over mean volume, as FINRA rounds it
    is_revised boolean not null,  -- a firm corrected what it had reported
    is_split boolean not null,  -- the stock split since the settlement date before
    check (short_position >= 0),
    check (previous_position >= 0),
    check (mean_volume >= 0),
    check (days_to_cover >= 0)
);
