-- what:  How many alerts each detector has fired, and how many of them were high.

select
    detector,
    count(*) as n_alerts,
    sum(case when severity in ('high', 'critical') then 1 else 0 end) as n_high,
    max(fired_at) as newest_at
from curated.alerts
where withdrawn_at is null
group by detector
order by n_alerts desc
