-- what:    Every ticker that the securities master knows, and whether it names one security now.
-- grain:   one row per ticker; what the span's end makes of it
-- status:  live

-- A ticker's own story is believed before a CUSIP's, of which the first six name the issuer.
with stories as (
    select
        ticker,
        security_id as security_name,
        valid_from, valid_to,
        1 as place
    from curated.tickers
    where withdrawn_at is null
    union all
    select
        ticker,
        substr(cusip, 1, 6) as security_name,
        valid_from, valid_to,
        2 as place
    from curated.securities
    where withdrawn_at is null and ticker is not null
),

standing as (
    select
        *,
        valid_from <= cast(timezone('UTC', (select clock.until from ops.clock as clock)) as date)
        and coalesce(
            valid_to > cast(timezone('UTC', (select clock.until from ops.clock as clock)) as date),
            true
        ) as is_listed
    from stories
),

best as (
    select
        *,
        min(place) over (partition by ticker) as best_place
    from standing
)

select
    ticker,
    count(distinct case when is_listed and place = best_place then security_name end)
        as n_securities,  -- that have it now: none is delisted, two are ambiguous
    max(case when not is_listed then valid_to end) as ended_date,  -- when the last one lost it
    min(case when is_listed and place = best_place then security_name end)
        as security_name,  -- who has it now: first ticker and day, or the issuer's six of a CUSIP
    max(case when is_listed and place = best_place then security_name end)
        as other_name  -- another who has it now, or the same
from best
group by ticker
