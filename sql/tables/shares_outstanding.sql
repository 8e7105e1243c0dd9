-- kind:       state
-- partition:  none
-- what:       How many shares of a stock were out.
-- grain:      one row per symbol and the day on which they were counted
-- key:        symbol, as_of_date

create table shares_outstanding (
    symbol text not null,  -- the ticker valid then, in our spelling, BRK.B
    as_of_date date not null,  -- the day on which they were counted
    shares decimal(20, 4) not null,  -- of this class alone
    check (shares > 0)
);
