-- rule:    A4
-- what:    Volatility of an underlying at a constant 30 days, and Donoho's of the near term.
-- grain:   one row per underlying, session and moment at which one of its expirations changed;
--          iv30 is null without an expiration on each side of 30 days
-- status:  live
-- needs:   11 sessions

with params as (
    select
        30 as n_days,  -- the product's constant maturity
        60 as max_near_dte  -- Donoho's series of about two months, rule book A4
),

points as (
    select
        iv.*,
        sessions.sequence, sessions.closes_at, sessions.previous_date
    from features.iv_points as iv
    inner join curated.sessions as sessions
        on iv.calendar = sessions.calendar and iv.session_date = sessions.session_date
    where coalesce(iv.known_at <= sessions.late_at, true)
),

told as (
    select underlying, calendar, session_date, known_at
    from points
    union all
    select
        underlying, calendar, session_date,
        withdrawn_at as known_at
    from points
    where withdrawn_at is not null
),

changed as (
    select underlying, calendar, session_date, known_at
    from told
    group by underlying, calendar, session_date, known_at
),

moments as (
    select
        *,
        lead(known_at) over (
            partition by underlying, calendar, session_date order by known_at
        ) as next_at
    from changed
),

-- The expirations that stood at each moment, and of them the two around the maturity.
standing as (
    select
        moments.underlying, moments.calendar, moments.session_date, moments.known_at,
        moments.next_at, points.sequence, points.closes_at, points.previous_date,
        arg_min(points.spot, points.settles_at) as spot,
        max(case
            when points.atm_iv is not null and points.dte <= params.n_days
                then struct_pack(
                    dte := points.dte, settles_at := points.settles_at, iv := points.atm_iv,
                    error := points.atm_iv_error, expiration := points.expiration
                )
        end) as near,
        min(case
            when points.atm_iv is not null and points.dte > params.n_days
                then struct_pack(
                    dte := points.dte, settles_at := points.settles_at, iv := points.atm_iv,
                    error := points.atm_iv_error, expiration := points.expiration
                )
        end) as far,
        sum(case when points.dte <= params.max_near_dte then points.sum_near_iv end)
            as sum_near_iv,
        sum(case when points.dte <= params.max_near_dte then points.n_near end) as n_near,
        sum(case when points.dte <= params.max_near_dte then points.vega_traded_usd end)
            as vega_traded_usd,
        max(params.n_days) as maturity
    from moments
    cross join params
    inner join points
        on
            moments.underlying = points.underlying
            and moments.calendar = points.calendar
            and moments.session_date = points.session_date
            and moments.known_at >= points.known_at
            and coalesce(moments.known_at < points.withdrawn_at, true)
    group by
        moments.underlying, moments.calendar, moments.session_date, moments.known_at,
        moments.next_at, points.sequence, points.closes_at, points.previous_date
),

weighed as (
    select
        standing.*,
        standing.near.dte as near_dte,
        standing.near.iv as near_atm_iv,
        standing.near.error as near_error,
        standing.near.expiration as near_expiration,
        standing.far.dte as far_dte,
        standing.far.iv as far_atm_iv,
        standing.far.error as far_error,
        standing.far.expiration as far_expiration,
        case
            when standing.near.dte = standing.maturity then 0
            else
                cast(standing.maturity - standing.near.dte as double)
                / nullif(standing.far.dte - standing.near.dte, 0)
        end as far_weight
    from standing
),

-- Total variance grows in a straight line between the two.
interpolated as (
    select
        *,
        sqrt(
            (
                (1 - far_weight) * near_atm_iv * near_atm_iv * near_dte
                + coalesce(far_weight * far_atm_iv * far_atm_iv * far_dte, 0)
            ) / maturity
        ) as iv
    from weighed
)

select
    underlying,
    session_date,
    known_at,
    next_at as withdrawn_at,  -- when one of its expirations changed again
    round(iv, 9) as iv30,  -- annualised fraction
    round(
        (
            (1 - far_weight) * near_atm_iv * near_dte * near_error
            + case when far_weight > 0 then far_weight * far_atm_iv * far_dte * far_error else 0 end
        ) / nullif(iv * maturity, 0), 9
    ) as iv30_error,  -- half of what lies between the volatilities of bid and ask
    round(sum_near_iv / nullif(n_near, 0), 9)
        as near_iv,  -- Donoho's: two strikes each side of the stock, all series of two months
    n_near,  -- strikes in it
    near_dte,  -- days to the last expiration within 30 days
    near_atm_iv,  -- its volatility at the money
    near_expiration,  -- its day
    far_dte,  -- days to the first one after
    far_atm_iv,  -- its volatility at the money
    far_expiration,  -- its day
    spot,  -- USD
    cast(vega_traded_usd as double) as vega_traded_usd,  -- USD per 1.00, of two months
    calendar,
    sequence,  -- of the session in its calendar
    previous_date,  -- the session before
    closes_at
from interpolated
where iv is not null or n_near > 0
