-- default: detector = 'options.oi_change', version = 1, fingerprint = 'f1', entity = 'SPX'
-- default: severity = 'high', score = 62, confidence = 0.7, is_late = false
-- default: fired_at = '2024-03-01 11:30Z'

-- case: an alert stands as the loop first saw it
-- given: raw.alerts
select
    'a' as alert_key,
    'SPX: more' as headline,
    '{"d_oi": 5}' as evidence,
    '2024-03-01 11:31Z' as known_at,
    '2024-03-01 11:31Z' as ticked_at;
-- expect: alert_key, detector, version, entity, severity, score, headline, evidence, fired_at,
--     known_at, ticked_at, withdrawn_at
values (
    'a', 'options.oi_change', 1, 'SPX', 'high', 62, 'SPX: more', '{"d_oi": 5}',
    '2024-03-01 11:30Z', '2024-03-01 11:31Z', '2024-03-01 11:31Z', null
);

-- case: an alert that was taken away stands until then
-- given: raw.alerts
select *
from (
    values
    ('a', '2024-03-01 11:31Z', false),
    ('a', '2024-03-02 09:00Z', true),
    ('b', '2024-03-01 11:31Z', false)
) as given (alert_key, known_at, is_gone);
-- expect: alert_key, withdrawn_at
values
('a', '2024-03-02 09:00Z'),
('b', null);

-- case: of two rows known at the same moment the one recorded last is the only version
-- given: raw.alerts
select
    *,
    'a' as alert_key,
    '2024-03-01 11:31Z' as known_at
from (
    values
    (62, '2024-03-01 11:32Z', 'x'),
    (70, '2024-03-01 11:33Z', 'w')
) as given (score, recorded_at, load_id);
-- expect: score, withdrawn_at
values (70, null);
