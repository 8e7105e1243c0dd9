-- kind:       state
-- partition:  none
-- what:       Which ticker a CUSIP had, and when.
-- grain:      one row per CUSIP and the day from which it is valid
-- key:        cusip, valid_from

create table securities (
    cusip text not null,  -- nine characters
    ticker text not null,  -- in our spelling, BRK.B
    issuer text,  -- the issuer's name
    valid_from date not null,  -- first day
    valid_to date,  -- first day on which it is another; null while it stands
    check (length(cusip) = 9),
    check (valid_from < valid_to)
);
