-- default: detector = 'options.sweep', severity = 'high', alert_key = 'k', rule = 'big'
-- default: alert_id = '0123456789', channel = 'desk', n_tries = 1, subject = 'swept'
-- default: is_late = false

-- case: steps, persons and notices of an alert stand in the order of their moments
-- given: curated.alert_actions
select *
from (
    values
    ('1', 'fired', '2024-03-01 15:00Z', 'loop', null),
    ('2', 'acknowledged', '2024-03-01 15:05Z', 'ada', 'on it')
) as given (action_id, action, acted_at, actor, note);
-- given: ops.deliveries
select
    'sent' as state,
    '2024-03-01 15:01Z' as queued_at,
    '2024-03-01 15:02Z' as sent_at,
    ['1', '2'] as action_ids;
-- expect: alert_id, happened_at, step, actor, note
values
('0123456789', '2024-03-01 15:05Z', 'acknowledged', 'ada', 'on it'),
('0123456789', '2024-03-01 15:02Z', 'notice sent', 'desk', 'swept'),
('0123456789', '2024-03-01 15:00Z', 'fired', 'loop', null);

-- case: an alert that no rule took was seen by its detector, and what a person did is with it
-- given: curated.alerts
select '2024-03-01 15:00Z' as fired_at;
-- given: curated.alert_actions
select
    '1' as action_id,
    'snoozed' as action,
    '2024-03-01 15:05Z' as acted_at,
    '2024-03-01 17:05Z' as until_at,
    'ada' as actor,
    md5('k') as alert_id;
-- expect: alert_id, step, actor, until_at
values
(md5('k'), 'snoozed', 'ada', '2024-03-01 17:05Z'), (md5('k'), 'seen', 'options.sweep', null);
