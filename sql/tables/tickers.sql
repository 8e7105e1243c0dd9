-- kind:       state
-- partition:  none
-- what:       Which ticker a security had from which day on; another may have it before or after.
-- grain:      one row per security and the day from which it has a ticker, or none any more
-- key:        security_id, valid_from

create table tickers (
    security_id text not null,  -- its first ticker and first day: GOOCV:2014-03-27
    valid_from date not null,  -- first day
    ticker text,  -- in our spelling, BRK.B; null where it has none from this day on
    exchange text  -- of its listing, in the source's own code
);
