-- rule:    A4
-- what:    What an implied volatility is solved from: quote, time, forward and rate, as known then.
-- grain:   one row per contract, session and version of its chain's row; none where neither spot
--          nor parity tells a forward, nor for contracts that deliver something else; dividends
--          are those declared by then, and no others
-- status:  live
-- needs:   4d

with params as (
    select
        0.03 as default_rate,  -- where no curve is known: 3-month bills' mean of 1990 to 2017
        10 as max_curve_days,  -- an older curve is of another time
        4 as n_parity_strikes,  -- two each side of the money
        3_600 as min_seconds,  -- less is too_short, rule book A4
        0.5 as max_spread_frac,  -- of mid; wider is wide, rule book A4
        0.2 as max_spread_usd,  -- and so wide at least, for cheap contracts
        interval 4 days as max_correction_age,  -- over a long weekend; a later one meets nobody
        60 as max_days_as_european  -- out of the money so near no early exercise is worth anything
),

chains as (
    select
        terms.session_date, terms.contract, terms.underlying, terms.series, terms.expiration,
        terms.put_call, terms.exercise_style, terms.settles_at, terms.known_at, terms.withdrawn_at,
        terms.source,
        cast(terms.strike as double) as strike,
        cast(terms.bid as double) as bid,
        cast(terms.ask as double) as ask,
        cast(terms.mid as double) as mid,
        cast(terms.underlying_price as double) as told_spot,
        (epoch_us(terms.settles_at) - epoch_us(terms.quoted_at)) / 1e6 as seconds,
        (epoch_us(terms.settles_at) - epoch_us(terms.quoted_at)) / 31_536e9 as years
    from curated.option_terms as terms
    where not terms.is_adjusted
),

-- What contracts of one settlement share at one moment.
moments as (
    select
        series, settles_at, session_date, known_at, source, exercise_style, years,
        min(underlying) as underlying,
        max(expiration) as expiration
    from chains
    group by series, settles_at, session_date, known_at, source, exercise_style, years
),

rated as (
    select
        moments.*,
        coalesce(
            round(
                curve.from_rate + coalesce(
                    (curve.to_rate - curve.from_rate) * (moments.years - curve.from_years)
                    / nullif(curve.to_years - curve.from_years, 0), 0
                ), 9
            ), params.default_rate
        ) as rate,
        case when curve.curve_date is null then 'default' else 'treasury' end as rate_source
    from moments
    cross join params
    left join curated.treasury_rates as curve
        on
            moments.known_at >= curve.known_at
            and coalesce(moments.known_at < curve.withdrawn_at, true)
            and moments.session_date - curve.curve_date <= params.max_curve_days
            and greatest(moments.years, 0) >= curve.from_years
            and coalesce(greatest(moments.years, 0) < curve.to_years, true)
),

-- A corrected row meets the others of its chain as they stood.
pairs as (
    select
        rated.series, rated.settles_at, rated.session_date, rated.known_at, rated.source,
        calls.strike + (calls.mid - puts.mid) * exp(rated.rate * rated.years) as forward,
        row_number() over (
            partition by
                rated.series, rated.settles_at, rated.session_date, rated.known_at, rated.source
            order by abs(calls.mid - puts.mid), calls.strike
        ) as nth
    from rated
    cross join params
    inner join chains as calls
        on
            rated.series = calls.series
            and rated.settles_at = calls.settles_at
            and rated.session_date = calls.session_date
            and rated.source = calls.source
            and rated.known_at >= calls.known_at
            and rated.known_at <= calls.known_at + params.max_correction_age
            and coalesce(rated.known_at < calls.withdrawn_at, true)
    inner join chains as puts
        on
            calls.series = puts.series
            and calls.settles_at = puts.settles_at
            and calls.session_date = puts.session_date
            and calls.strike = puts.strike
            and rated.source = puts.source
            and rated.known_at >= puts.known_at
            and rated.known_at <= puts.known_at + params.max_correction_age
            and coalesce(rated.known_at < puts.withdrawn_at, true)
    where
        rated.exercise_style = 'european' and rated.years > 0
        and calls.put_call = 'call' and puts.put_call = 'put'
        and calls.mid > 0 and puts.mid > 0
        and (calls.bid is not null or calls.ask is null)
        and (puts.bid is not null or puts.ask is null)
),

parity as (
    select
        pairs.series, pairs.settles_at, pairs.session_date, pairs.known_at, pairs.source,
        median(pairs.forward) as forward
    from pairs
    cross join params
    where pairs.nth <= params.n_parity_strikes
    group by pairs.series, pairs.settles_at, pairs.session_date, pairs.known_at, pairs.source
),

-- A quote of the ex-date is without it.
paid as (
    select
        rated.series, rated.settles_at, rated.session_date, rated.known_at, rated.source,
        rated.rate, dividends.amount_usd,
        cast(dividends.ex_date - rated.session_date as double) / 365 as paid_after
    from rated
    inner join curated.dividends as dividends
        on
            rated.underlying = dividends.symbol
            and rated.session_date < dividends.ex_date
            and rated.expiration >= dividends.ex_date
            and rated.known_at >= dividends.known_at
            and coalesce(rated.known_at < dividends.withdrawn_at, true)
    where rated.exercise_style = 'american'
),

payments as (
    select
        series, settles_at, session_date, known_at, source,
        round(sum(cast(amount_usd as double) * exp(-rate * paid_after)), 9) as present_usd,
        list_sort(list(struct_pack(
            years := round(paid_after, 9), amount_usd := cast(amount_usd as double)
        ))) as dividends
    from paid
    group by series, settles_at, session_date, known_at, source
),

forwards as (
    select
        chains.*,
        rated.rate, rated.rate_source, payments.dividends,
        case when parity.forward is null then 'spot' else 'parity' end as forward_source,
        exp(-rated.rate * chains.years) as discount,
        coalesce(
            parity.forward,
            (chains.told_spot - coalesce(payments.present_usd, 0)) * exp(rated.rate * chains.years)
        ) as forward
    from chains
    inner join rated
        on
            chains.series = rated.series
            and chains.settles_at = rated.settles_at
            and chains.session_date = rated.session_date
            and chains.known_at = rated.known_at
            and chains.source = rated.source
            and chains.exercise_style = rated.exercise_style
    left join parity
        on
            chains.series = parity.series
            and chains.settles_at = parity.settles_at
            and chains.session_date = parity.session_date
            and chains.known_at = parity.known_at
            and chains.source = parity.source
            and chains.exercise_style = 'european'
    left join payments
        on
            chains.series = payments.series
            and chains.settles_at = payments.settles_at
            and chains.session_date = payments.session_date
            and chains.known_at = payments.known_at
            and chains.source = payments.source
            and chains.exercise_style = 'american'
),

spots as (
    select
        *,
        coalesce(told_spot, forward * discount) as spot,
        case when put_call = 'call' then 1 else -1 end as sign
    from forwards
    where forward > 0 and coalesce(told_spot, forward) > 0
),

-- No price of an option lies outside of these.
bounds as (
    select
        *,
        greatest(
            0, sign * (forward - strike) * discount,
            case when exercise_style = 'american' then sign * (spot - strike) else 0 end
        ) as floor_usd,
        case
            when put_call = 'put'
                then strike * case when exercise_style = 'american' then 1 else discount end
            when exercise_style = 'american' then spot
            else forward * discount
        end as ceiling_usd
    from spots
)

select
    bounds.session_date,
    bounds.contract,
    bounds.put_call,
    bounds.exercise_style,
    bounds.strike,  -- USD, as all prices here
    round(bounds.years, 12) as years,  -- from the quote to the settlement, of 365 days
    bounds.bid,
    bounds.ask,
    bounds.mid,
    round(bounds.spot, 8) as spot,  -- as the chain tells it, else the forward's worth
    round(bounds.forward, 8) as forward,  -- of the settlement
    bounds.forward_source,  -- parity, or spot: with its declared dividends
    bounds.rate,  -- a year, continuously compounded
    bounds.rate_source,  -- treasury, or default where no curve was known
    case
        when bounds.years > 0
            then round(bounds.rate - ln(bounds.forward / bounds.spot) / bounds.years, 9)
    end as dividend_yield,  -- a year, that makes the forward of the spot
    bounds.dividends,  -- declared before the settlement: years until each, USD a share
    case
        when bounds.seconds < params.min_seconds then 'too_short'
        when bounds.mid is null or (bounds.bid is null and bounds.ask is not null) then 'no_bid'
        when
            bounds.ask - bounds.bid > params.max_spread_frac * bounds.mid
            and bounds.ask - bounds.bid > params.max_spread_usd
            then 'wide'
        when bounds.mid <= bounds.floor_usd then 'below_intrinsic'
        when bounds.mid >= bounds.ceiling_usd then 'above_bound'
    end as iv_status,  -- why no volatility is to be looked for; else null
    case
        when bounds.exercise_style = 'european' then 'black'
        when bounds.dividends is null and bounds.sign * bounds.rate >= 0 then 'black'
        when
            bounds.seconds < 86_400 * params.max_days_as_european
            and bounds.sign * (bounds.spot - bounds.strike) < 0
            then 'black'
        when bounds.dividends is null then 'qd_fp'
        else 'fd'
    end as model,  -- black where early exercise is worth nothing, rule book A4
    bounds.known_at
from bounds
cross join params
