-- what:    How many alerts fired in the last day before the moment that is asked about.
-- grain:   one row
-- status:  live

select
    count(*) filter (where severity = 'critical') as n_critical,  -- score from 80
    count(*) filter (where severity = 'high') as n_high,  -- score 60 to 80
    count(*) filter (where severity = 'medium') as n_medium,  -- score 40 to 60
    count(*) filter (where severity = 'low') as n_low,  -- score 20 to 40
    count(*) filter (where severity = 'info') as n_info,  -- score below 20
    count(distinct entity) as n_entities  -- what they are about
from curated.alerts
where
    withdrawn_at is null
    and fired_at >= (select clock.until - interval 1 day from ops.clock as clock)
