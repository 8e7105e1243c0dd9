-- kind:       state
-- partition:  none
-- what:       What each source's code of a trade's condition means.
-- grain:      one row per source, asset, tape, code and the day from which it holds
-- key:        source_feed, asset, tape, condition, valid_from

create table conditions (
    source_feed text not null,  -- the feed whose code it is
    asset text not null,  -- option or equity
    tape text not null,  -- on which it means this: A, B or C; any where it is the same on all
    condition text not null,  -- the code as the source writes it
    name text not null,  -- its mnemonic, ISOI
    trade_class text not null,  -- how detectors take it: regular, auction, cross, …
    is_iso boolean not null,  -- sent as an intermarket sweep
    is_floor boolean not null,  -- traded on a floor
    counts_volume boolean,  -- its size is of the day's volume; null of options
    is_price_informative boolean,  -- its price was made then and there; null of options
    meaning text not null,  -- in words
    valid_from date not null,  -- first day
    valid_to date,  -- first day on which it means something else; null while it stands
    check (asset in ('option', 'equity')),
    check (tape in ('A', 'B', 'C', 'any')),
    check (valid_from < valid_to)
);
