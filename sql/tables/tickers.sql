-- kind:       state
-- partition:  none
-- what:       Which ticker a security had, and when; another one may have it before or after.
-- grain:      one row per security and the day from which it has a ticker
-- key:        security_id, valid_from

create table tickers (
    security_id text not null,  -- its first ticker and first day: GOOCV:2014-03-27
    ticker text not null,  -- in our spelling, BRK.B
    valid_from date not null,  -- first day
    valid_to date,  -- first day on which it has another, or none; null while it stands
    exchange text,  -- of its listing, in the source's own code
    check (valid_from < valid_to)
);
