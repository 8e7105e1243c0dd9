-- kind:       event
-- partition:  day
-- what:       Implied volatilities and greeks, solved from the quotes of option chains.
-- grain:      one row per contract, session and snapshot; a later one of the same snapshot comes
--             of another input or another solver
-- key:        contract, session_date, snapshot_at

create table option_greeks (
    session_date date not null,  -- the session that the snapshot shows
    contract text not null,  -- as in option_chains
    snapshot_at timestamptz not null,  -- known_at of the row of option_chains
    iv double,  -- annualised fraction, 0.01 to 5; null unless iv_status is ok
    iv_status text not null,  -- ok, or why there is no iv
    delta double,  -- change of the price per USD of the underlying
    gamma double,  -- change of delta per USD of the underlying
    vega double,  -- change of the price per 1.00 of volatility, in USD
    theta double,  -- change of the price a year, in USD
    model text not null,  -- black; of early exercise qd_fp, or fd where dividends are paid
    mid double,  -- the price that was solved for, in USD
    years double not null,  -- from the quote to the settlement, of 365 days
    spot double not null,  -- the underlying, in USD
    forward double not null,  -- of the settlement, in USD
    forward_source text not null,  -- parity, or spot: with its declared dividends
    rate double not null,  -- a year, continuously compounded
    rate_source text not null,  -- treasury, or default where no curve was known
    dividend_yield double,  -- a year, that makes the forward of the spot; null at settlement
    check (
        iv_status in (
            'ok', 'below_intrinsic', 'above_bound', 'no_bid', 'wide', 'too_short', 'no_converge'
        )
    ),
    check ((iv is null) = (iv_status <> 'ok')),
    check (iv between 0.01 and 5),
    check (model in ('black', 'qd_fp', 'fd')),
    check (forward_source in ('parity', 'spot')),
    check (rate_source in ('treasury', 'default'))
);
