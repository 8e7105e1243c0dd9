-- kind:       state
-- partition:  none
-- what:       What single option contracts are, where a source describes them.
-- grain:      one row per contract
-- key:        contract

create table contracts (
    contract text not null,  -- OSI symbol without padding; elsewhere the venue's own name
    underlying text not null,  -- the ticker, BRK.B; elsewhere venue:BASE-QUOTE
    expiration date not null,  -- last day of the contract
    expires_at timestamptz,  -- the moment, where the source says it
    strike decimal(18, 8) not null,  -- USD
    put_call text not null,  -- call or put
    multiplier decimal(18, 8),  -- units of the underlying a contract; null where unknown
    currency text,  -- of its price
    exercise_style text,  -- american or european
    settlement text,  -- am, pm: of which prices of the last day
    is_adjusted boolean,  -- what it delivers is not the plain multiplier of one stock
    check (put_call in ('call', 'put')),
    check (strike > 0),
    check (multiplier > 0),
    check (exercise_style in ('american', 'european')),
    check (settlement in ('am', 'pm'))
);
