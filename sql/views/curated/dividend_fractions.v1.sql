-- what:    Which part of a price was left after the dividends up to the end of the span.
-- grain:   one row per security and stretch of days from one ex-date to the next; a security
--          without dividends has none
-- status:  live
-- needs:   0s

with params as (
    select 7 as max_age_days  -- over the holidays; what is older is no measure of a dividend
),

dividends as (
    select
        actions.security_id, actions.ex_date,
        sum(cast(actions.amount_usd as double)) as amount_usd
    from curated.corporate_actions as actions
    cross join ops.clock as clock
    where
        actions.action = 'dividend'
        and actions.withdrawn_at is null
        and timezone('America/New_York', cast(actions.ex_date as timestamp)) < clock.until
    group by actions.security_id, actions.ex_date
),

closes as (
    select
        security_id, session_date,
        max(cast(close as double)) as close
    from curated.traded_bars
    where bar = '1d' and withdrawn_at is null and close is not null
    group by security_id, session_date
),

left_over as (
    select
        dividends.security_id, dividends.ex_date,
        closes.session_date as close_date,
        case
            when
                dividends.ex_date <= closes.session_date + params.max_age_days
                and dividends.amount_usd < closes.close
                then 1 - dividends.amount_usd / closes.close
        end as kept_frac
    from dividends
    cross join params
    asof left join closes
        on dividends.security_id = closes.security_id and dividends.ex_date > closes.session_date
),

stretches as (
    select
        security_id,
        lag(ex_date) over in_order as from_date,
        ex_date as to_date,
        sum(ln(kept_frac)) over later as log_kept,
        count(*) over later - count(kept_frac) over later as n_unknown,
        min(close_date) over later as close_date
    from left_over
    window
        in_order as (partition by security_id order by ex_date),
        later as (
            partition by security_id order by ex_date
            rows between current row and unbounded following
        )
)

select
    security_id,
    coalesce(from_date, date '0001-01-01') as from_date,  -- an ex-date, or the begin of time
    to_date,  -- the next ex-date; the days before it are in
    case when n_unknown = 0 then round(exp(log_kept), 9) end
        as kept_frac,  -- by which a close is multiplied; null where a close before is missing
    close_date  -- the first close that was used; it tells nothing of days after it
from stretches
