-- kind:       state
-- partition:  none
-- what:       Roots of OSI symbols that are not plainly a ticker with 100 shares.
-- grain:      one row per root and the day from which it holds
-- key:        root, valid_from

create table option_roots (
    root text not null,  -- as it stands in the symbol: SPXW, BRKB
    underlying text not null,  -- the ticker that it is on: SPX, BRK.B
    multiplier decimal(18, 8) not null,  -- units of the underlying a contract
    exercise_style text not null,  -- american or european
    settlement text not null,  -- am, pm: of which prices of the last day
    valid_from date not null,  -- first day
    valid_to date,  -- first day on which it is no more; null while it stands
    check (multiplier > 0),
    check (exercise_style in ('american', 'european')),
    check (settlement in ('am', 'pm')),
    check (valid_from < valid_to)
);
