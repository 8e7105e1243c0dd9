-- what:    How the data does as a whole: feeds by state, checks by what they found, gaps, refusals.
-- grain:   one row
-- status:  live

with feeds as (
    select
        sum(case when state = 'LIVE' then 1 else 0 end) as n_live,
        sum(case when state in ('STALE', 'PARTIAL', 'DRIFT') then 1 else 0 end) as n_ailing,
        sum(case when state = 'WARMING' then 1 else 0 end) as n_warming
    from ops.feeds
),

checks as (
    select
        sum(case when state = 'failing' then 1 else 0 end) as n_failing,
        sum(case when state = 'broken' then 1 else 0 end) as n_broken,
        sum(case when state = 'never' then 1 else 0 end) as n_never
    from ops.checks
),

gaps as (
    select sum(case when ended_at is null then 1 else 0 end) as n_open
    from ops.feed_gaps
),

rejected as (
    select count(*) as n_rows
    from ops.rejected
)

select
    cast(coalesce(feeds.n_live, 0) as bigint) as n_feeds_live,  -- told in time
    cast(coalesce(feeds.n_ailing, 0) as bigint) as n_feeds_ailing,  -- STALE, PARTIAL or DRIFT
    cast(coalesce(feeds.n_warming, 0) as bigint) as n_feeds_warming,  -- too new to tell
    cast(coalesce(checks.n_failing, 0) as bigint) as n_checks_failing,  -- found bad rows
    cast(coalesce(checks.n_broken, 0) as bigint) as n_checks_broken,  -- could not be asked
    cast(coalesce(checks.n_never, 0) as bigint) as n_never_checked,  -- nobody has asked them yet
    cast(coalesce(gaps.n_open, 0) as bigint) as n_open_gaps,  -- that have not ended
    cast(rejected.n_rows as bigint) as n_rejected_rows  -- set aside, of all loads
from feeds
cross join checks
cross join gaps
cross join rejected
