-- rule:    A4, A8
-- what:    Volatility of an underlying at a constant 30 days, as its chain told it in each quarter
--          of an hour.
-- grain:   one row per underlying, session and quarter of an hour in which strikes near the money
--          were told; iv30 is null without an expiration on each side of 30 days, each with a
--          strike on each side of the price
-- status:  live
-- keep:    partials
-- needs:   0s

with params as (
    select
        0.01 as min_iv,  -- a source writes 0 or a hair for none; rule book A4
        5 as max_iv,  -- and anything for what is deep in the money; rule book A4
        2 as min_dte,  -- a day before the end a volatility is noise
        100 as max_dte,  -- beyond that it says little of a month
        0.1 as max_log_moneyness,  -- of a chain told in pieces a farther strike is another smile
        30 as n_days  -- the product's constant maturity
),

told as (
    select
        chains.underlying, chains.calendar, chains.session_date, chains.expiration,
        chains.contract, chains.known_at, chains.iv, params.n_days,
        cast(timezone('UTC', chains.known_at) as date) as known_date,
        epoch_us(chains.known_at) // 900_000_000 as quarter_id,
        cast(chains.strike as double) as strike,
        cast(chains.underlying_price as double) as spot,
        chains.expiration - chains.session_date as dte,
        sqrt(cast(chains.expiration - chains.session_date as double) / 365) as root_years,
        cast(chains.ask - chains.bid as double) / 2 as half_spread,
        cast(chains.volume * cast(chains.multiplier as decimal(38, 8)) as double) as units
    from curated.chain_snapshots as chains
    cross join params
    where
        chains.is_adjusted is not true
        and chains.iv between params.min_iv and params.max_iv
        and chains.underlying_price > 0
        and chains.expiration - chains.session_date between params.min_dte and params.max_dte
        and abs(ln(cast(chains.strike as double) / cast(chains.underlying_price as double)))
        <= params.max_log_moneyness
),

-- Of what was told twice in a quarter of an hour the newest.
quotes as (
    select
        *,
        spot * root_years / 2.506628274631  -- the root of two pi; Black's vega at the spot
        * exp(-power(ln(spot / strike) / (iv * root_years) + iv * root_years / 2, 2) / 2)
            as usd_per_vol
    from told
    qualify
        row_number() over (
            partition by contract, session_date, known_date, quarter_id order by known_at desc
        ) = 1
),

spots as (
    select
        underlying, calendar, session_date, known_date, quarter_id,
        max(known_at) as known_at,
        arg_max(spot, struct_pack(at := known_at, contract := contract)) as spot,
        sum(cast(units * usd_per_vol as decimal(28, 2))) as vega_traded_usd
    from quotes
    group by underlying, calendar, session_date, known_date, quarter_id
),

strikes as (
    select
        underlying, calendar, session_date, known_date, quarter_id, expiration, strike,
        max(dte) as dte,
        max(n_days) as n_days,
        (min(iv) + max(iv)) / 2 as iv,
        max(half_spread / nullif(usd_per_vol, 0)) as error
    from quotes
    group by underlying, calendar, session_date, known_date, quarter_id, expiration, strike
),

sides as (
    select
        strikes.underlying, strikes.calendar, strikes.session_date, strikes.known_date,
        strikes.quarter_id, strikes.expiration, strikes.dte, strikes.n_days,
        max(case
            when strikes.strike <= spots.spot
                then struct_pack(
                    strike := strikes.strike, iv := strikes.iv, error := strikes.error
                )
        end) as below,
        min(case
            when strikes.strike > spots.spot
                then struct_pack(
                    strike := strikes.strike, iv := strikes.iv, error := strikes.error
                )
        end) as above
    from strikes
    inner join spots
        on
            strikes.underlying = spots.underlying
            and strikes.calendar = spots.calendar
            and strikes.session_date = spots.session_date
            and strikes.known_date = spots.known_date
            and strikes.quarter_id = spots.quarter_id
    group by
        strikes.underlying, strikes.calendar, strikes.session_date, strikes.known_date,
        strikes.quarter_id, strikes.expiration, strikes.dte, strikes.n_days
),

points as (
    select
        sides.underlying, sides.calendar, sides.session_date, sides.known_date, sides.quarter_id,
        sides.expiration, sides.dte, sides.n_days,
        (sides.below.iv + sides.above.iv) / 2 as iv,
        (sides.below.error + sides.above.error) / 2 as error
    from sides
    where sides.below.iv is not null and sides.above.iv is not null
),

-- The two expirations around the maturity, as in features.iv30.
around as (
    select
        underlying, calendar, session_date, known_date, quarter_id,
        max(n_days) as n_days,
        max(case
            when dte <= n_days
                then struct_pack(dte := dte, iv := iv, error := error, expiration := expiration)
        end) as near,
        min(case
            when dte > n_days
                then struct_pack(dte := dte, iv := iv, error := error, expiration := expiration)
        end) as far
    from points
    group by underlying, calendar, session_date, known_date, quarter_id
),

weighed as (
    select
        around.*,
        around.near.dte as near_dte,
        around.near.iv as near_iv,
        around.near.error as near_error,
        around.far.dte as far_dte,
        around.far.iv as far_iv,
        around.far.error as far_error,
        case
            when around.near.dte = around.n_days then 0
            else
                cast(around.n_days - around.near.dte as double)
                / nullif(around.far.dte - around.near.dte, 0)
        end as far_weight
    from around
),

-- Total variance grows in a straight line between the two.
interpolated as (
    select
        *,
        sqrt(
            (
                (1 - far_weight) * near_iv * near_iv * near_dte
                + coalesce(far_weight * far_iv * far_iv * far_dte, 0)
            ) / n_days
        ) as iv
    from weighed
)

select
    spots.underlying,
    spots.session_date,
    spots.known_date,  -- the UTC day on which it was told
    spots.quarter_id,  -- of an hour since 1970
    spots.known_at,
    round(interpolated.iv, 9) as iv30,  -- annualised fraction
    round(
        (
            (1 - interpolated.far_weight) * interpolated.near_iv * interpolated.near_dte
            * interpolated.near_error
            + coalesce(
                interpolated.far_weight * interpolated.far_iv * interpolated.far_dte
                * interpolated.far_error, 0
            )
        ) / (interpolated.n_days * interpolated.iv), 9
    ) as iv30_error,  -- half of what lies between the volatilities of bid and ask
    spots.spot,  -- USD
    cast(spots.vega_traded_usd as double)
        as vega_traded_usd,  -- USD per 1.00 of volatility, of the session so far, near the money
    spots.calendar
from spots
left join interpolated
    on
        spots.underlying = interpolated.underlying
        and spots.calendar = interpolated.calendar
        and spots.session_date = interpolated.session_date
        and spots.known_date = interpolated.known_date
        and spots.quarter_id = interpolated.quarter_id
