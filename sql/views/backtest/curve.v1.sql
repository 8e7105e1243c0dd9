-- what:    How many of the planted events each detector finds, by their size, and at what price.
-- grain:   one row per detector and size that was planted: events of at least that size; a row
--          without a size counts every event, where nobody says how big some of them are;
--          precision is found over found and false alerts, and a false alert has no size
-- status:  live
-- needs:   0s

-- One reading of the matches, since each of them runs every detector.
with matches as materialized (
    select * from backtest.matches
),

planted as (
    select * from matches
    where outcome in ('found', 'missed')
),

sizes as (
    select distinct
        detector,
        size
    from planted
),

found as (
    select
        sizes.detector,
        sizes.size,
        count(*) as n_events,
        sum(case when planted.outcome = 'found' then 1 else 0 end) as n_found,
        median(planted.delay_s) as median_delay_s
    from sizes
    inner join planted
        on
            sizes.detector = planted.detector
            and (sizes.size is null or sizes.size <= planted.size)
    group by sizes.detector, sizes.size
),

base as (
    select
        detector,
        count(distinct alert_key) as n_alerts,
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
    found.detector,  -- the id of the detector that is measured
    found.size,  -- how far over the threshold: 1 is exactly on it; null counts every event
    found.n_events,  -- planted events of at least this size
    cast(found.n_found as bigint) as n_found,  -- those of them that an alert counts for
    round(found.n_found / nullif(found.n_events, 0), 6) as recall_frac,  -- n_found of n_events
    round(found.n_found / nullif(found.n_found + base.n_false, 0), 6)
        as precision_frac,  -- n_found of n_found and n_false; null where both are 0
    base.n_alerts,  -- all alerts of the detector, of any size
    cast(base.n_false as bigint) as n_false,  -- those that count for no event
    base.n_days,  -- UTC days from the first event or alert to the last
    round(base.n_alerts / nullif(base.n_days, 0), 6) as alerts_per_day,  -- n_alerts by n_days
    round(found.median_delay_s, 6) as median_delay_s  -- of the found; null where none was
from found
inner join base on found.detector = base.detector
