-- kind:       state
-- partition:  none
-- what:       Daily figures of the whole economy: yields, indices.
-- grain:      one row per series and day
-- key:        series, day

create table macro (
    series text not null,  -- treasury_1m to treasury_30y: par yields of that maturity
    day date not null,  -- the day that the figure is of
    value double not null,  -- a yield: annual fraction, 0.05 is 5 %
    check (value > -1 or series not like 'treasury_%')
);
