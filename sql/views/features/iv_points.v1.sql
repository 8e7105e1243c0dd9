-- rule:    A4
-- what:    Volatility at the money of each expiration of an underlying, as its quotes stood.
-- grain:   one row per underlying, session, settlement and moment at which one of its quotes
--          changed; atm_iv is null without a volatility on each side of the forward
-- status:  live
-- needs:   11 sessions

with params as (
    select
        2 as min_dte,  -- a day before the end a volatility is noise
        100 as max_dte,  -- beyond that it says little of a month
        0.5 as max_log_moneyness,  -- no strike next to the money lies farther
        2 as n_near_strikes  -- each side of the stock; Donoho, rule book A4
),

quotes as (
    select
        greeks.underlying, greeks.session_date, greeks.settles_at, greeks.calendar,
        greeks.expiration, greeks.put_call, greeks.known_at, greeks.withdrawn_at,
        greeks.iv, greeks.vega,
        greeks.expiration - greeks.session_date as dte,
        sqrt(cast(greeks.expiration - greeks.session_date as double) / 365) as root_years,
        cast(greeks.strike as double) as strike,
        cast(greeks.underlying_price as double) as spot,
        case
            when greeks.bid is not null and greeks.ask is not null
                then cast(greeks.mid as double)
        end as mid,
        cast(greeks.ask - greeks.bid as double) / 2 as half_spread,
        cast(greeks.volume * cast(greeks.multiplier as decimal(38, 8)) as double) as units
    from features.option_greeks as greeks
    cross join params
    where
        not greeks.is_adjusted
        and greeks.expiration - greeks.session_date between params.min_dte and params.max_dte
        and greeks.underlying_price > 0
        and abs(ln(cast(greeks.strike as double) / cast(greeks.underlying_price as double)))
        <= params.max_log_moneyness
),

-- Where neither the model nor the source has a vega, Black's at the spot.
weighed as (
    select
        *,
        coalesce(
            vega,
            spot * root_years / 2.506628274631  -- the root of two pi
            * exp(-power(ln(spot / strike) / (iv * root_years) + iv * root_years / 2, 2) / 2)
        ) as usd_per_vol
    from quotes
),

told as (
    select
        underlying, session_date, settles_at,
        known_at as changed_at
    from quotes
    union all
    select
        underlying, session_date, settles_at,
        withdrawn_at as changed_at
    from quotes
    where withdrawn_at is not null
),

changed as (
    select
        underlying, session_date, settles_at, changed_at
    from told
    group by underlying, session_date, settles_at, changed_at
),

moments as (
    select
        *,
        lead(changed_at) over (
            partition by underlying, session_date, settles_at order by changed_at
        ) as next_at
    from changed
),

strikes as (
    select
        moments.underlying, moments.session_date, moments.settles_at, moments.changed_at,
        moments.next_at, weighed.strike,
        min(weighed.calendar) as calendar,
        max(weighed.expiration) as expiration,
        max(weighed.dte) as dte,
        max(weighed.spot) as spot,
        max(case when weighed.put_call = 'call' then weighed.mid end) as call_mid,
        max(case when weighed.put_call = 'put' then weighed.mid end) as put_mid,
        min(weighed.iv) as min_iv,
        max(weighed.iv) as max_iv,
        max(weighed.half_spread / nullif(weighed.usd_per_vol, 0)) as iv_error,
        sum(cast(weighed.units * weighed.usd_per_vol as decimal(28, 2))) as vega_traded_usd
    from moments
    inner join weighed
        on
            moments.underlying = weighed.underlying
            and moments.session_date = weighed.session_date
            and moments.settles_at = weighed.settles_at
            and moments.changed_at >= weighed.known_at
            and coalesce(moments.changed_at < weighed.withdrawn_at, true)
    group by
        moments.underlying, moments.session_date, moments.settles_at, moments.changed_at,
        moments.next_at, weighed.strike
),

-- Where a call costs what its put does, the strike is the forward but for pennies of interest.
forwards as (
    select
        underlying, session_date, settles_at, changed_at,
        max(spot) as spot,
        arg_min(
            strike + call_mid - put_mid,
            case
                when call_mid is not null and put_mid is not null
                    then struct_pack(gap := abs(call_mid - put_mid), strike := strike)
            end
        ) as parity
    from strikes
    group by underlying, session_date, settles_at, changed_at
),

placed as (
    select
        strikes.*,
        forwards.parity,
        coalesce(forwards.parity, forwards.spot) as forward,
        (strikes.min_iv + strikes.max_iv) / 2 as iv,
        row_number() over (
            partition by
                strikes.underlying, strikes.session_date, strikes.settles_at, strikes.changed_at,
                strikes.min_iv is not null, strikes.strike <= forwards.spot
            order by abs(strikes.strike - forwards.spot), strikes.strike
        ) as place
    from strikes
    inner join forwards
        on
            strikes.underlying = forwards.underlying
            and strikes.session_date = forwards.session_date
            and strikes.settles_at = forwards.settles_at
            and strikes.changed_at = forwards.changed_at
),

points as (
    select
        placed.underlying, placed.session_date, placed.settles_at, placed.changed_at,
        placed.next_at, placed.parity, placed.forward,
        min(placed.calendar) as calendar,
        max(placed.expiration) as expiration,
        max(placed.dte) as dte,
        max(placed.spot) as spot,
        max(case
            when placed.iv is not null and placed.strike <= placed.forward
                then struct_pack(
                    strike := placed.strike, iv := placed.iv, error := placed.iv_error
                )
        end) as below,
        min(case
            when placed.iv is not null and placed.strike > placed.forward
                then struct_pack(
                    strike := placed.strike, iv := placed.iv, error := placed.iv_error
                )
        end) as above,
        sum(case when placed.place <= params.n_near_strikes then round(placed.iv, 12) end)
            as sum_near_iv,
        count(case when placed.place <= params.n_near_strikes then placed.iv end) as n_near,
        sum(placed.vega_traded_usd) as vega_traded_usd
    from placed
    cross join params
    group by
        placed.underlying, placed.session_date, placed.settles_at, placed.changed_at,
        placed.next_at, placed.parity, placed.forward
)

select
    points.underlying,
    points.session_date,
    points.calendar,
    points.settles_at,
    points.expiration,
    points.dte,  -- to the expiration
    points.changed_at as known_at,
    points.next_at as withdrawn_at,  -- when one of its quotes changed again
    points.spot,  -- USD
    round(points.forward, 8) as forward,  -- USD
    case when points.parity is null then 'spot' else 'parity' end as forward_source,
    points.below.strike as strike_below,  -- the nearest with a volatility, at the forward or below
    points.above.strike as strike_above,  -- the nearest above
    round((points.below.iv + points.above.iv) / 2, 9)
        as atm_iv,  -- mean of the two strikes each side of the forward
    round((points.below.error + points.above.error) / 2, 9)
        as atm_iv_error,  -- half of what lies between the volatilities of bid and ask
    round(points.sum_near_iv, 9) as sum_near_iv,  -- of two strikes each side of the spot
    points.n_near,  -- strikes in that sum
    points.vega_traded_usd  -- USD per 1.00 of volatility
from points
