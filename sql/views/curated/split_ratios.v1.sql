-- what:    How many shares one share became by the end of the span, by the days between splits.
-- grain:   one row per security and stretch of days from one ex-date to the next, the last one
--          without an end; a security without splits has none
-- status:  live

-- A split that is announced but not yet in force changes no price.
with splits as (
    select
        actions.security_id, actions.ex_date,
        sum(ln(cast(actions.ratio as double))) as log_ratio
    from curated.corporate_actions as actions
    cross join ops.clock as clock
    where
        actions.action = 'split'
        and actions.withdrawn_at is null
        and timezone('America/New_York', cast(actions.ex_date as timestamp)) < clock.until
    group by actions.security_id, actions.ex_date
),

stretches as (
    select
        security_id,
        lag(ex_date) over in_order as from_date,
        ex_date as to_date,
        sum(log_ratio) over later as log_ratio
    from splits
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
    round(exp(log_ratio), 9) as ratio  -- shares at the span's end for one of these days
from stretches
