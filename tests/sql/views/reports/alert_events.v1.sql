-- default: detector = 'options.sweep', entity = 'AAPL', severity = 'high', alert_key = 'k'
-- default: fired_at = '2024-03-01 15:00Z', known_at = '2024-03-01 15:00Z', rule = 'big'
-- default: acted_at = '2024-03-01 15:00Z', key = 'AAPL', actor = 'loop', is_gone = false

-- case: what one load brought is numbered by moment and step, an alert before what was done to it
-- given: raw.alerts
select *
from (
    values
    ('k', '2024-03-01 15:00Z', '2024-03-01 15:00:05Z'),
    ('j', '2024-03-01 14:59Z', '2024-03-01 15:00:05Z'),
    ('m', '2024-03-01 14:58Z', '2024-03-01 15:00:09Z')
) as given (alert_key, fired_at, recorded_at);
-- given: curated.alert_actions
select *
from (
    values
    ('b', 'raised', 2, '2024-03-01 15:01:00Z', '2024-03-01 15:01:05Z'),
    ('a', 'fired', 1, '2024-03-01 15:01:00Z', '2024-03-01 15:01:05Z'),
    ('c', 'acknowledged', null, '2024-03-01 15:00:30Z', '2024-03-01 15:01:05Z')
) as given (action_id, action, step, acted_at, recorded_at);
-- expect: recorded_at, event_number, action, alert_key, entity, detector, rule
values
('2024-03-01 15:00:05Z', 1, 'alert', 'j', 'AAPL', 'options.sweep', null),
('2024-03-01 15:00:05Z', 2, 'alert', 'k', 'AAPL', 'options.sweep', null),
('2024-03-01 15:00:09Z', 1, 'alert', 'm', 'AAPL', 'options.sweep', null),
('2024-03-01 15:01:05Z', 1, 'acknowledged', 'k', 'AAPL', 'options.sweep', 'big'),
('2024-03-01 15:01:05Z', 2, 'fired', 'k', 'AAPL', 'options.sweep', 'big'),
('2024-03-01 15:01:05Z', 3, 'raised', 'k', 'AAPL', 'options.sweep', 'big');

-- case: an alert that is told otherwise or taken away says so, and its first row stands
-- given: raw.alerts
select *
from (
    values
    ('low', false, '2024-03-01 15:00:05Z'),
    ('high', false, '2024-03-01 15:00:09Z'),
    ('high', true, '2024-03-01 15:00:12Z')
) as given (severity, is_gone, recorded_at);
-- expect: action, severity, recorded_at
values
('alert', 'low', '2024-03-01 15:00:05Z'),
('replaced', 'high', '2024-03-01 15:00:09Z'),
('withdrawn', 'high', '2024-03-01 15:00:12Z');

-- case: what a rule did over a row of a view is of no alert
-- given: curated.alert_actions
select
    'a' as action_id,
    'fired' as action,
    cast(null as text) as alert_key;
-- expect: action, entity, key
values ('fired', null, 'AAPL');
