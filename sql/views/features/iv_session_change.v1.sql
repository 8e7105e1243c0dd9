-- rule:    A8
-- what:    Change of an underlying's 30-day volatility since the session before.
-- grain:   one row per underlying, session and version; a change across a missing session is none
-- status:  live
-- needs:   12 sessions

with days as (
    select *
    from features.iv30
    where iv30 is not null
)

select
    newer.underlying,
    newer.calendar,
    newer.session_date,
    newer.sequence,  -- of the session in its calendar
    newer.closes_at,
    newer.iv30,  -- annualised fraction
    newer.iv30_error,  -- half of what lies between the volatilities of bid and ask
    newer.near_iv,  -- Donoho's near-term volatility
    newer.vega_traded_usd,  -- USD per 1.00 of volatility
    newer.far_expiration,  -- of the later of the two expirations
    older.iv30 as previous_iv30,  -- a session before
    older.far_expiration as previous_far_expiration,  -- a session before
    older.known_at as previous_known_at,  -- when that became known
    ln(newer.iv30 / older.iv30) as d_iv,  -- the logarithm of their quotient
    greatest(newer.known_at, older.known_at) as known_at,
    case
        when newer.withdrawn_at is null then older.withdrawn_at
        when older.withdrawn_at is null then newer.withdrawn_at
        else least(newer.withdrawn_at, older.withdrawn_at)
    end as withdrawn_at  -- when one of the two was corrected
from days as newer
inner join days as older
    on
        newer.underlying = older.underlying
        and newer.calendar = older.calendar
        and newer.previous_date = older.session_date
where
    coalesce(newer.known_at < older.withdrawn_at, true)
    and coalesce(older.known_at < newer.withdrawn_at, true)
