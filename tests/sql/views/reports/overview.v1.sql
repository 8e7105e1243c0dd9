-- default: detector = 'options.oi_change', version = 2, alert_key = 'a', entity = 'SPX'
-- default: fired_at = '2024-03-01 11:30Z', known_at = '2024-03-01 11:31Z', severity = 'high'

-- case: an alert comes with what its version of the detector sees and misses
-- given: curated.alerts
select
    'SPX: more' as headline,
    '{"d_oi": 5}' as evidence;
-- given: ops.views
select *
from (
    values
    ('options.oi_change', 1, 'An older one.', 'much', 'always'),
    ('options.oi_change', 2, 'Interest moved.', 'rolls', 'in June'),
    ('prices.gap', 2, 'A gap.', 'nights', 'on Mondays')
) as given (view, version, what, misses, noisy);
-- expect: alert_key, fired_at, severity, entity, headline, what, misses, noisy, evidence
values (
    'a', '2024-03-01 11:30Z', 'high', 'SPX', 'SPX: more', 'Interest moved.', 'rolls', 'in June',
    '{"d_oi": 5}'
);

-- case: an alert of a detector that this project has not is shown without a word on it
-- given: curated.alerts
select 'a' as alert_key;
-- expect: alert_key, what, misses
values ('a', null, null);

-- case: a withdrawn alert stands no more
-- given: curated.alerts
select *
from (
    values
    ('a', '2024-03-02 09:00Z'),
    ('b', null)
) as given (alert_key, withdrawn_at);
-- expect: alert_key
values ('b');
