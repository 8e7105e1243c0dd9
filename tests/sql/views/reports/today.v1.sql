-- case: alerts of the last day are counted by severity, the day's begin being in
-- span: 2024-01-01 2024-03-02T12:00Z
-- given: curated.alerts
select
    *,
    fired_at as known_at
from (
    values
    ('a', 'SPX', 'critical', '2024-03-02 11:59Z', null),
    ('b', 'SPX', 'high', '2024-03-01 12:00Z', null),
    ('c', 'NDX', 'high', '2024-03-01 12:00:01Z', null),
    ('d', 'NDX', 'info', '2024-03-02 01:00Z', null),
    ('too old', 'RUT', 'low', '2024-03-01 11:59:59Z', null),
    ('withdrawn', 'RUT', 'low', '2024-03-02 01:00Z', '2024-03-02 02:00Z')
) as given (alert_key, entity, severity, fired_at, withdrawn_at);
-- expect: n_critical, n_high, n_medium, n_low, n_info, n_entities
values (1, 2, 0, 0, 1, 2);

-- case: a day without an alert has noughts
-- span: 2024-01-01 2024-03-02
-- given: curated.alerts
select
    'a' as alert_key,
    'low' as severity,
    '2024-01-05 00:00Z' as fired_at,
    '2024-01-05 00:00Z' as known_at;
-- expect: n_critical, n_high, n_medium, n_low, n_info, n_entities
values (0, 0, 0, 0, 0, 0);
