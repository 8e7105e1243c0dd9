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

-- case: a stock that was halted, or had been within the hour before, says so, the newest halt first
-- given: reports.alerts
select *
from (
    values ('a'), ('b'), ('c'), ('d')
) as given (alert_key);
-- given: curated.alerts
select
    *,
    'underlying' as entity_type
from (
    values
    ('a', 'AAPL', '2024-03-01 15:06Z'), ('b', 'AAPL', '2024-03-01 16:06Z'),
    ('c', 'MSFT', '2024-03-01 15:06Z'), ('d', 'MSFT', '2024-03-02 15:06Z')
) as given (alert_key, entity, happened_at);
-- given: curated.halts
select *
from (
    values
    ('AAPL', 'LUDP', 'volatility', '2024-03-01 14:50Z', timestamptz '2024-03-01 14:55Z', null),
    (
        'AAPL', 'LUDP', 'volatility', '2024-03-01 15:00Z', null,
        timestamptz '2024-03-01 15:04Z'
    ),
    ('AAPL', 'LUDP', 'volatility', '2024-03-01 15:00Z', '2024-03-01 15:05Z', null),
    ('MSFT', 'T1', 'news', '2024-03-01 15:00Z', null, null)
) as given (symbol, reason, halt_class, halted_at, trades_at, withdrawn_at);
-- expect: alert_key, halted_at, trades_at, halt_reason, halt_class
values
('a', '2024-03-01 15:00Z', '2024-03-01 15:05Z', 'LUDP', 'volatility'),
('b', null, null, null, null), ('c', '2024-03-01 15:00Z', null, 'T1', 'news'),
('d', null, null, null, null);

-- case: the newest verdict comes with who says so, and whether another says otherwise
-- given: reports.alerts
select *
from (
    values ('reviewed'), ('not yet')
) as given (alert_key);
-- given: curated.review_labels
select
    'reviewed' as alert_key,
    'false' as verdict,
    'ann' as reviewer,
    '2024-03-01 16:00Z' as reviewed_at,
    'a hedge' as note,
    true as is_disputed;
-- expect: alert_key, verdict, reviewer, reviewed_at, review_note, is_disputed
values
('reviewed', 'false', 'ann', '2024-03-01 16:00Z', 'a hedge', true),
('not yet', null, null, null, null, null);
