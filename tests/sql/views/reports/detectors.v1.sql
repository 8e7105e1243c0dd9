-- default: view = 'options.sweep', version = 1, status = 'live', what = 'A sweep.', every = '5s'
-- default: path = 'sql/detectors/options/sweep.v1.sql', detector = 'options.sweep'
-- default: severity = 'high', withdrawn_at = null, known_at = '2024-03-01 00:00Z'

-- case: the version in force is the highest live one, and alerts that stand are counted
-- given: ops.views
select *
from (
    values
    (1, 'live', 'One.'),
    (2, 'live', 'Two.'),
    (3, 'draft', 'Three.')
) as given (version, status, what);
-- given: curated.alerts
select *
from (
    values
    ('a', 'high', '2024-03-01 15:00Z', null),
    ('b', 'low', '2024-03-01 16:00Z', null),
    ('gone', 'high', '2024-03-01 17:00Z', '2024-03-01 18:00Z')
) as given (alert_key, severity, fired_at, withdrawn_at);
-- expect: detector, detector_family, version, status, n_alerts, n_high, newest_alert_at, what
values ('options.sweep', 'options', 2, 'live', 2, 1, '2024-03-01 16:00Z', 'Two.');

-- case: a draft is listed, what has never fired too, and no other view
-- given: ops.views
select *
from (
    values
    ('options.sweep', 'draft', 'sql/detectors/options/sweep.v1.sql'),
    ('reports.today', 'live', 'sql/views/reports/today.v1.sql')
) as given (view, status, path);
-- expect: detector, status, n_alerts, n_high, newest_alert_at
values ('options.sweep', 'draft', 0, 0, null);

-- case: only the alerts of the span are counted
-- span: 2024-03-01 16:00Z 2024-03-02 00:00Z
-- given: ops.views
select 'A sweep.' as what;
-- given: curated.alerts
select *
from (
    values
    ('a', '2024-03-01 15:59:59Z'),
    ('b', '2024-03-01 16:00Z')
) as given (alert_key, fired_at);
-- expect: n_alerts
values (1);
