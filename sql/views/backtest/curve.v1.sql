-- what:    How many of the planted events each live detector finds, size by size, at what price.
-- grain:   one row per live detector and size that was planted: its events of exactly that size, or
--          those whose size nobody says; a false alert has no size, so precision is of found events
--          of at least that size, and of all events in a row without one
-- status:  live
-- needs:   0s

-- One reading of the matches, since each of them runs every detector.
with matches as (
    select * from backtest.matches
),

sizes as (
    select
        detector,
        size,
        count(*) as n_events,
        sum(case when outcome = 'found' then 1 else 0 end) as n_found,
        median(delay_s) as median_delay_s
    from matches
    where outcome in ('found', 'missed')
    group by detector, size
),

larger as (
    select
        *,
        sum(n_found) over (
            partition by detector order by size desc nulls last
        ) as n_found_larger
    from sizes
),

base as (
    select
        detector,
        count(alert_key) as n_alerts,
        sum(case when outcome = 'false' then 1 else 0 end) as n_false,
        1 + date_diff(
            'day',
            cast(least(min(starts_at), min(alerted_at)) as date),
            cast(greatest(max(ends_at), max(alerted_at)) as date)
        ) as n_days
    from matches
    group by detector
)

select
    larger.detector,  -- the id of the detector that is measured
    larger.size,  -- how far over the threshold: 1 is exactly on it; null where nobody says
    larger.n_events,  -- planted events of exactly this size
    cast(larger.n_found as bigint) as n_found,  -- those of them that an alert counts for
    round(larger.n_found / nullif(larger.n_events, 0), 6) as recall_frac,  -- n_found of n_events
    round(larger.n_found_larger / nullif(larger.n_found_larger + base.n_false, 0), 6)
        as precision_frac,  -- found of at least this size, of those and n_false; null where both 0
    base.n_alerts,  -- all alerts of the detector, of any size
    cast(base.n_false as bigint) as n_false,  -- those that count for no event
    base.n_days,  -- UTC days from the first event or alert to the last
    round(base.n_alerts / nullif(base.n_days, 0), 6) as alerts_per_day,  -- n_alerts by n_days
    round(larger.median_delay_s, 6) as median_delay_s  -- of the found; null where none was
from larger
inner join base on larger.detector = base.detector
