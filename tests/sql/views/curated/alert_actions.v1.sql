-- default: rule = 'big', key = 'AAPL', action = 'fired', actor = 'loop'
-- default: acted_at = '2024-03-01 15:00Z', known_at = '2024-03-01 15:00Z'

-- case: a step that two loops told is there once, as it was told first
-- given: raw.alert_actions
select *
from (
    values
    ('a', '2024-03-01 15:00:05Z', 'high'),
    ('a', '2024-03-01 15:00:09Z', 'low'),
    ('b', '2024-03-01 15:00:09Z', 'low')
) as given (action_id, recorded_at, severity);
-- expect: action_id, rule, key, severity
values
('a', 'big', 'AAPL', 'high'),
('b', 'big', 'AAPL', 'low');

-- case: a step that was taken away is not there
-- given: raw.alert_actions
select
    'a' as action_id,
    true as is_gone;
-- expect: nothing
