-- rule:    A17
-- what:    What of a contract's gamma does not depend on the price of its underlying.
-- grain:   one row per contract, session and version of its chain's row; expirations of 90 days and
--          less, contracts with a volatility and open interest
-- status:  live
-- needs:   0s

with params as (
    select 90 as max_dte  -- later ones have little gamma; rule book A17
),

quotes as (
    select
        greeks.underlying, greeks.calendar, greeks.session_date, greeks.expiration, greeks.strike,
        greeks.contract, greeks.put_call, greeks.known_at, greeks.withdrawn_at,
        greeks.open_interest,
        cast(greeks.underlying_price as double) as spot,
        cast(greeks.strike as double) as strike_usd,
        cast(greeks.open_interest * cast(greeks.multiplier as decimal(38, 8)) as double)
        * case greeks.put_call when 'call' then 1 else -1 end as signed_units,
        greeks.iv,
        coalesce(greeks.rate, 0) as rate,
        coalesce(greeks.dividend_yield, 0) as dividend_yield,
        coalesce(
            greeks.years, (epoch_us(greeks.settles_at) - epoch_us(greeks.known_at)) / 31_536e9
        ) as years
    from features.option_greeks as greeks
    cross join params
    where
        not greeks.is_adjusted
        and greeks.iv is not null
        and greeks.open_interest > 0
        and greeks.underlying_price > 0
        and greeks.expiration - greeks.session_date between 0 and params.max_dte
)

-- Gamma at a price p: height / p * exp(-power((ln(p / strike) + drift) / width, 2) / 2).
select
    underlying,
    calendar,
    session_date,
    expiration,
    strike,
    contract,
    put_call,
    known_at,
    withdrawn_at,  -- when a newer snapshot became known
    open_interest,  -- contracts, of the evening before
    spot,  -- USD, at the snapshot
    strike_usd,  -- the strike
    signed_units,  -- units of the underlying, positive of calls: dealers long calls, short puts
    iv * sqrt(years) as width,  -- of the logarithm of the price at its end
    (rate - dividend_yield + iv * iv / 2) * years as drift,  -- added to ln(price / strike)
    exp(-dividend_yield * years) / (iv * sqrt(years) * 2.5066282746310002)  -- the root of two pi
        as height  -- gamma times the price, at most
from quotes
where years > 0
