-- default: severity = 'high', known_at = '2024-03-01 15:00Z', entity = 'AAPL'
-- default: began_at = '2024-03-01 15:00Z', detector = 'options.sweep'

-- case: an alert that a rule fired on is shown with the rule, the others by themselves
-- given: curated.alerts
select
    alert_key,
    'swept ' || alert_key as headline,
    '2024-03-01 15:00Z' as fired_at
from (values ('k'), ('m')) as given (alert_key);
-- given: curated.alert_states
select *
from (
    values
    ('0123456789', 'big', 'AAPL', 'k', 'firing', '2024-03-01 15:00Z'),
    ('1123456789', null, 'k', 'k', 'resolved', '2024-03-01 15:00Z'),
    ('2123456789', null, 'm', 'm', 'resolved', '2024-03-01 15:01Z'),
    ('3123456789', 'spread', 'BTC', null, 'pending', null)
) as given (alert_id, rule, key, alert_key, state, first_fired_at);
-- expect: id, rule, key, state, detector, entity, headline, told_at
values
('01234567', 'big', 'AAPL', 'firing', 'options.sweep', 'AAPL', 'swept k', '2024-03-01 15:00Z'),
('21234567', null, 'm', 'resolved', 'options.sweep', 'AAPL', 'swept m', '2024-03-01 15:01Z'),
('31234567', 'spread', 'BTC', 'pending', null, null, null, '2024-03-01 15:00Z');
