-- what:    Calls against puts at each strike: what is open and what has traded.
-- grain:   one row per underlying, session, expiration and strike, and one per strike for all
--          expirations together, whose expiration is null; without adjusted contracts and symbols
--          that a split left behind
-- status:  live
-- needs:   0s

with contracts as (
    select
        underlying, session_date, expiration, strike, contract, put_call, known_at, oi_date,
        underlying_price,
        cast(open_interest as double) as open_interest,
        cast(volume as double) as volume
    from curated.option_chains
    where withdrawn_at is null and not is_dead and not is_adjusted
)

select
    underlying, session_date,
    expiration,  -- null: all of them together
    strike,
    sum(case when put_call = 'call' then open_interest end) as call_open_interest,  -- contracts
    sum(case when put_call = 'put' then open_interest end) as put_open_interest,  -- contracts
    sum(case when put_call = 'call' then volume end) as call_volume,  -- contracts of the session
    sum(case when put_call = 'put' then volume end) as put_volume,  -- contracts of the session
    cast(
        arg_max(underlying_price, struct_pack(at := known_at, contract := contract)) as double
    ) as underlying_price,  -- USD
    max(oi_date) as oi_date,  -- the session after which it was open
    max(known_at) as known_at
from contracts
group by grouping sets (
    (underlying, session_date, expiration, strike), (underlying, session_date, strike)
)
