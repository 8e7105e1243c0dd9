-- kind:       state
-- partition:  none
-- what:       Which venue each source's code names.
-- grain:      one row per source, asset, code and the day from which it holds
-- key:        source_feed, asset, venue_code, valid_from

create table venues (
    source_feed text not null,  -- the feed whose code it is
    asset text not null,  -- option or equity
    venue_code text not null,  -- the code as the source writes it
    venue text not null,  -- its name here: CBOE, ISE, PHLX
    mic text,  -- ISO 10383
    name text not null,  -- as it calls itself
    valid_from date not null,  -- first day
    valid_to date,  -- first day on which it names another; null while it stands
    check (asset in ('option', 'equity')),
    check (valid_from < valid_to)
);
