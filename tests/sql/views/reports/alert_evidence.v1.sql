-- default: alert_id = '0123456789', alert_key = 'k', detector = 'options.sweep', version = 2
-- default: recorded_at = '2024-03-01 15:01Z', known_at = '2024-03-01 15:01Z'
-- default: evidence = null, definition = null, fired_at = '2024-03-01 15:00Z'

-- case: an alert of a detector comes with its evidence and what that version sees
-- given: reports.alerts
select
    'AAPL' as entity,
    'swept' as headline;
-- given: curated.alerts
select
    'underlying' as entity_type,
    '{"n_prints": 3}' as evidence,
    0.7 as confidence;
-- given: curated.alert_actions
select
    'b' as action_id,
    '{"of": "options.sweep"}' as definition;
-- given: ops.views
select *
from (
    values
    ('options.sweep', 1, 'An older one.', 'much'), ('options.sweep', 2, 'One order.', 'late prints')
) as given (view, version, what, misses);
-- expect: entity, headline, entity_type, evidence, confidence, definition, what, misses
values (
    'AAPL', 'swept', 'underlying', '{"n_prints": 3}', 0.7, '{"of": "options.sweep"}', 'One order.',
    'late prints'
);

-- case: what a rule said of a row of a view is the newest word on it
-- given: reports.alerts
select
    null as alert_key,
    null as detector;
-- given: curated.alert_actions
select *
from (
    values
    (1, 'a', '{"spread": 2}', '2024-03-01 15:01Z'), (2, 'b', '{"spread": 9}', '2024-03-01 15:02Z'),
    (3, 'c', null, '2024-03-01 15:03Z')
) as given (step, action_id, evidence, recorded_at);
-- expect: evidence, entity_type, what
values ('{"spread": 9}', null, null);
