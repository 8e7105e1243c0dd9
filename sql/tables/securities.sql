-- kind:       state
-- partition:  none
-- what:       Which ticker a CUSIP had, and when, as each source tells it.
-- grain:      one row per CUSIP and the day from which it is valid
-- key:        cusip, valid_from

create table securities (
    cusip text not null,  -- nine characters
    ticker text,  -- in our spelling, BRK.B; null where the source has none
    issuer text,  -- the issuer's name
    valid_from date not null,  -- first day
    valid_to date,  -- first day on which it is another; null while it stands
    class_title text,  -- of the class, as on the official list: COM, CL A
    has_options boolean,  -- options on it are listed; null where the source does not say
    check (regexp_full_match(cusip, '[0-9A-Z*@#]{9}')),
    check (regexp_full_match(ticker, '[^\s,;"]+')),
    check (valid_from < valid_to)
);
