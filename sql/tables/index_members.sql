-- kind:       state
-- partition:  none
-- what:       Who is in an index or an index fund, from which day on.
-- grain:      one row per index, symbol and day from which it is told
-- key:        index_name, symbol, from_date

create table index_members (
    index_name text not null,  -- SP500: the index; SPY: the fund's own holdings
    symbol text not null,  -- the ticker valid then, in our spelling, BRK.B
    from_date date not null,  -- first day of which it is told
    is_member boolean not null,  -- false from the day on which it has left
    is_list boolean not null,  -- true of a day's whole list: who is not in it is no member
    weight_frac double,  -- of the whole, 0 to 1; null where the source has none
    shares decimal(20, 4),  -- that the fund holds; null of an index
    check (weight_frac >= 0 and weight_frac <= 1),
    check (is_member or not is_list)
);
