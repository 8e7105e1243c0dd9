-- rule:    A17
-- what:    What dealers would have to hedge for a move of 1 % if they are long calls, short puts.
-- grain:   one row per underlying, session, expiration and strike, as it stands; expirations of 90
--          days and less, contracts with a volatility and open interest
-- status:  live
-- needs:   1 session

with params as (
    select
        40 as grid_steps,  -- each way, of a hundredth of the spot
        20 as fine_steps  -- within the step in which it changes its sign
),

priced as (
    select * from features.gamma_terms
    where withdrawn_at is null
),

spots as (
    select
        underlying, session_date,
        arg_max(spot, struct_pack(at := known_at, contract := contract)) as spot,
        max(known_at) as newest_at
    from priced
    group by underlying, session_date
),

coarse as (
    select
        spots.underlying, spots.session_date, spots.spot,
        spots.spot * (1 + steps.place / 100) as price
    from spots
    cross join params
    inner join range(-100, 101) as steps (place) on params.grid_steps >= abs(steps.place)
),

coarse_sums as (
    select
        coarse.underlying, coarse.session_date, coarse.spot, coarse.price,
        sum(
            priced.signed_units * priced.height * coarse.price / 100
            * exp(
                -power((ln(coarse.price / priced.strike_usd) + priced.drift) / priced.width, 2) / 2
            )
        ) as gex
    from coarse
    inner join priced
        on coarse.underlying = priced.underlying and coarse.session_date = priced.session_date
    group by coarse.underlying, coarse.session_date, coarse.spot, coarse.price
),

-- The step nearest to the spot at whose ends it has two signs.
turns as (
    select
        underlying, session_date, spot,
        price as high_price,
        lag(price) over in_order as low_price
    from coarse_sums
    window in_order as (partition by underlying, session_date order by price)
    qualify sign(gex) <> lag(sign(gex)) over in_order
),

nearest as (
    select *
    from turns
    qualify
        row_number() over (
            partition by underlying, session_date
            order by abs(low_price + high_price - 2 * spot), low_price
        ) = 1
),

fine as (
    select
        nearest.underlying, nearest.session_date,
        nearest.low_price
        + (nearest.high_price - nearest.low_price) * steps.place / params.fine_steps as price
    from nearest
    cross join params
    inner join range(0, 101) as steps (place) on params.fine_steps >= steps.place
),

fine_sums as (
    select
        fine.underlying, fine.session_date, fine.price,
        sum(
            priced.signed_units * priced.height * fine.price / 100
            * exp(-power((ln(fine.price / priced.strike_usd) + priced.drift) / priced.width, 2) / 2)
        ) as gex
    from fine
    inner join priced
        on fine.underlying = priced.underlying and fine.session_date = priced.session_date
    group by fine.underlying, fine.session_date, fine.price
),

pieces as (
    select
        *,
        lag(price) over in_order as low_price,
        lag(gex) over in_order as low_gex
    from fine_sums
    window in_order as (partition by underlying, session_date order by price)
),

flips as (
    select
        underlying, session_date,
        min(low_price - low_gex * (price - low_price) / nullif(gex - low_gex, 0)) as gamma_flip
    from pieces
    where sign(gex) <> sign(low_gex)
    group by underlying, session_date
),

strikes as (
    select
        priced.underlying, priced.session_date, priced.expiration, priced.strike,
        spots.spot, spots.newest_at,
        sum(case when priced.put_call = 'call' then priced.open_interest else 0 end)
            as call_open_interest,
        sum(case when priced.put_call = 'put' then priced.open_interest else 0 end)
            as put_open_interest,
        sum(
            priced.signed_units * priced.height / spots.spot
            * exp(-power((ln(spots.spot / priced.strike_usd) + priced.drift) / priced.width, 2) / 2)
        ) as gex_shares
    from priced
    inner join spots
        on priced.underlying = spots.underlying and priced.session_date = spots.session_date
    group by
        priced.underlying, priced.session_date, priced.expiration, priced.strike, spots.spot,
        spots.newest_at
),

summed as (
    select
        *,
        round(gex_shares * spot * spot / 100, 2) as gex_usd_1pct,
        sum(gex_shares * spot * spot / 100) over sessions as total,
        sum(gex_shares) over walls as strike_gex
    from strikes
    window
        sessions as (partition by underlying, session_date),
        walls as (partition by underlying, session_date, strike)
)

select
    summed.underlying, summed.session_date, summed.expiration, summed.strike,
    cast(summed.call_open_interest as double) as call_open_interest,  -- contracts
    cast(summed.put_open_interest as double) as put_open_interest,  -- contracts
    round(summed.gex_shares, 6) as gex_shares,  -- to hedge for 1 USD
    summed.gex_usd_1pct,  -- to hedge for 1 %
    round(summed.total, 2) as total_gex_usd_1pct,  -- of all expirations and strikes
    round(flips.gamma_flip, 4)
        as gamma_flip,  -- USD, where the total changes its sign; null where within 40 % it does not
    summed.strike_gex > 0
    and summed.strike_gex = max(summed.strike_gex) over sessions
        as is_call_wall,  -- the strike with the most, of all expirations
    summed.strike_gex < 0
    and summed.strike_gex = min(summed.strike_gex) over sessions
        as is_put_wall,  -- the strike with the least
    summed.spot,  -- USD
    'dealers long calls, short puts' as sign_convention,  -- an assumption, false for many stocks
    summed.newest_at as known_at
from summed
left join flips
    on summed.underlying = flips.underlying and summed.session_date = flips.session_date
window sessions as (partition by summed.underlying, summed.session_date)
