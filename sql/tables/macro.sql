-- kind:       state
-- partition:  none
-- what:       Daily figures of the whole economy: yields, indices.
-- grain:      one row per series and day
-- key:        series, day

create table macro (
    series text not null,  -- treasury_1m to treasury_30y: par yields of that
    -- maturity; vix_open, vix_high, vix_low and vix_close: the index of volatility
    day date not null,  -- the day that the figure is of
    value double not null,  -- a yield: annual fraction, 0.05 is 5 %; VIX: points, 20 is 20 % a year
    check (value > -1 or series not like 'treasury_%'),
    check (value > 0 or series not like 'vix_%')
);
