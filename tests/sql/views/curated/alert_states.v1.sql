-- default: rule = 'big', key = 'AAPL', actor = 'loop', severity = 'high', alert_id = 'x'
-- default: detector = 'options.sweep', known_at = '2024-03-01 15:00Z'
-- default: recorded_at = '2024-03-01 15:00Z', action_id = 'a'

-- case: an alert of a rule stands where its last step left it
-- given: curated.alert_actions
select *
from (
    values
    ('a', 1, 'pending', '2024-03-01 15:00Z'),
    ('b', 1, 'pending', '2024-03-01 15:00Z'),
    ('b', 2, 'lapsed', '2024-03-01 15:01Z'),
    ('c', 1, 'pending', '2024-03-01 15:00Z'),
    ('c', 2, 'fired', '2024-03-01 15:02Z'),
    ('d', 1, 'fired', '2024-03-01 15:00Z'),
    ('d', 2, 'raised', '2024-03-01 15:03Z'),
    ('d', 3, 'resolved', '2024-03-01 15:09Z'),
    ('e', 1, 'fired', '2024-03-01 15:00Z'),
    ('e', null, 'retracted', '2024-03-01 15:08Z'),
    ('f', 1, 'no_data', '2024-03-01 15:00Z'),
    ('g', 1, 'no_data', '2024-03-01 15:00Z'),
    ('g', 2, 'data_back', '2024-03-01 15:04Z'),
    ('h', 1, 'fired', '2024-03-01 15:00Z'),
    ('h', 2, 'expired', '2024-03-01 15:05Z')
) as given (alert_id, step, action, acted_at);
-- expect: alert_id, state, began_at, first_fired_at, ended_at
values
('a', 'pending', '2024-03-01 15:00Z', null, null),
('b', 'inactive', '2024-03-01 15:00Z', null, '2024-03-01 15:01Z'),
('c', 'firing', '2024-03-01 15:00Z', '2024-03-01 15:02Z', null),
('d', 'resolved', '2024-03-01 15:00Z', '2024-03-01 15:00Z', '2024-03-01 15:09Z'),
('e', 'retracted', '2024-03-01 15:00Z', '2024-03-01 15:00Z', '2024-03-01 15:08Z'),
('f', 'firing', '2024-03-01 15:00Z', '2024-03-01 15:00Z', null),
('g', 'resolved', '2024-03-01 15:00Z', '2024-03-01 15:00Z', '2024-03-01 15:04Z'),
('h', 'inactive', '2024-03-01 15:00Z', '2024-03-01 15:00Z', '2024-03-01 15:05Z');

-- case: who acknowledges is heard until the alert gets worse, and who snoozes until the time is up
-- span: 1970-01-01 2024-03-01 16:00Z
-- given: curated.alert_actions
select
    *,
    alert_id as key,
    acted_at as recorded_at,
    case when action in ('fired', 'raised', 'resolved') then 'loop' else 'ann' end as actor
from (
    values
    ('a', '2024-03-01 15:00Z', 'fired', null),
    ('a', '2024-03-01 15:10Z', 'acknowledged', null),
    ('b', '2024-03-01 15:00Z', 'fired', null),
    ('b', '2024-03-01 15:10Z', 'acknowledged', null),
    ('b', '2024-03-01 15:20Z', 'raised', null),
    ('c', '2024-03-01 15:00Z', 'fired', null),
    ('c', '2024-03-01 15:10Z', 'snoozed', '2024-03-01 16:30Z'),
    ('d', '2024-03-01 15:00Z', 'fired', null),
    ('d', '2024-03-01 15:10Z', 'snoozed', '2024-03-01 15:50Z'),
    ('e', '2024-03-01 15:00Z', 'fired', null),
    ('e', '2024-03-01 15:10Z', 'snoozed', '2024-03-01 16:30Z'),
    ('e', '2024-03-01 15:20Z', 'woken', null),
    ('f', '2024-03-01 15:00Z', 'fired', null),
    ('f', '2024-03-01 15:10Z', 'acknowledged', null),
    ('f', '2024-03-01 15:20Z', 'resolved', null)
) as given (alert_id, acted_at, action, until_at);
-- expect: alert_id, state, actor, snoozed_until
values
('a', 'acknowledged', 'ann', null),
('b', 'firing', 'ann', null),
('c', 'snoozed', 'ann', '2024-03-01 16:30Z'),
('d', 'firing', 'ann', '2024-03-01 15:50Z'),
('e', 'firing', 'ann', null),
('f', 'resolved', 'ann', null);

-- case: what fires anew of a key that is snoozed is snoozed too, under the same rule alone
-- span: 1970-01-01 2024-03-01 16:00Z
-- given: curated.alert_actions
select
    *,
    acted_at as recorded_at
from (
    values
    ('a', 'big', '2024-03-01 15:00Z', 'fired', null),
    ('a', 'big', '2024-03-01 15:10Z', 'snoozed', '2024-03-01 17:00Z'),
    ('a', 'big', '2024-03-01 15:20Z', 'resolved', null),
    ('b', 'big', '2024-03-01 15:30Z', 'fired', null),
    ('c', 'other', '2024-03-01 15:30Z', 'fired', null)
) as given (alert_id, rule, acted_at, action, until_at);
-- expect: alert_id, state
values ('a', 'resolved'), ('b', 'snoozed'), ('c', 'firing');

-- case: an alert that no rule took is open for as long as a rule without a word would keep it
-- span: 1970-01-01 2024-03-01 15:10Z
-- given: curated.alerts
select
    *,
    detector as alert_key
from (
    values
    ('crypto.whale', '2024-03-01 15:06Z'),
    ('crypto.wall', '2024-03-01 15:05Z'),
    ('options.sweep', '2024-03-01 14:56Z'),
    ('options.block', '2024-03-01 14:55Z'),
    ('options.oi_change', '2024-02-29 15:11Z'),
    ('options.opened', '2024-02-29 15:11Z'),
    ('filings.crowding', '2024-02-29 15:10Z')
) as given (detector, fired_at);
-- expect: alert_key, rule, state, ended_at
values
('crypto.whale', null, 'firing', null),
('crypto.wall', null, 'resolved', '2024-03-01 15:10Z'),
('options.sweep', null, 'firing', null),
('options.block', null, 'resolved', '2024-03-01 15:10Z'),
('options.oi_change', null, 'firing', null),
('options.opened', null, 'firing', null),
('filings.crowding', null, 'resolved', '2024-03-01 15:10Z');

-- case: such an alert is acknowledged and retracted as well
-- span: 1970-01-01 2024-03-01 15:10Z
-- given: curated.alerts
select
    alert_key,
    '2024-03-01 15:06Z' as fired_at
from (values ('k'), ('m')) as given (alert_key);
-- given: curated.alert_actions
select
    null as rule,
    alert_key as key,
    alert_key,
    md5(alert_key) as alert_id,
    action,
    '2024-03-01 15:07Z' as acted_at,
    null as severity,
    note
from (values ('k', 'acknowledged', 'seen'), ('m', 'retracted', null)) as given (
    alert_key, action, note
);
-- expect: alert_key, state, note
values ('k', 'acknowledged', 'seen'), ('m', 'retracted', null);
