-- default: detector = 'options.sweep', entity = 'A', size = 1.5, known_at = '2024-03-01 00:00Z'
-- default: starts_at = '2024-03-01 15:00Z', ends_at = '2024-03-01 16:00Z'

-- case: an event is found by the first alert of its detector and entity, once
-- given: raw.events
select 'e' as event_id;
-- given: detectors.all_live
select *
from (
    values
    ('second', '2024-03-01 15:20Z'),
    ('first', '2024-03-01 15:05Z'),
    ('third', '2024-03-01 15:40Z')
) as given (alert_key, fired_at);
-- expect: detector, outcome, event_id, entity, size, alert_key, alerted_at, delay_s
values
('options.sweep', 'found', 'e', 'A', 1.5, 'first', '2024-03-01 15:05Z', 300),
('options.sweep', 'further', null, 'A', null, 'second', '2024-03-01 15:20Z', null),
('options.sweep', 'further', null, 'A', null, 'third', '2024-03-01 15:40Z', null);

-- case: an alert on the first and on the last moment counts, a moment beside them it is false
-- given: raw.events
select *
from (
    values
    ('begin', 'A'),
    ('end', 'B'),
    ('early', 'C'),
    ('late', 'D')
) as given (event_id, entity);
-- given: detectors.all_live
select *
from (
    values
    ('a', 'A', '2024-03-01 15:00Z'),
    ('b', 'B', '2024-03-01 16:00Z'),
    ('c', 'C', '2024-03-01 14:59:59.999999Z'),
    ('d', 'D', '2024-03-01 16:00:00.000001Z')
) as given (alert_key, entity, fired_at);
-- expect: outcome, event_id, alert_key, delay_s
values
('found', 'begin', 'a', 0),
('found', 'end', 'b', 3_600),
('missed', 'early', null, null),
('missed', 'late', null, null),
('false', null, 'c', null),
('false', null, 'd', null);

-- case: another entity's and another detector's alert finds nothing
-- given: raw.events
select 'e' as event_id;
-- given: detectors.all_live
select
    *,
    '2024-03-01 15:30Z' as fired_at
from (
    values
    ('other entity', 'options.sweep', 'B'),
    ('no event has its detector', 'prices.jump', 'A')
) as given (alert_key, detector, entity);
-- expect: outcome, event_id, alert_key
values
('missed', 'e', null),
('false', null, 'other entity');

-- case: an event that has begun before the span or may still be found is not judged, and
--     neither are its alerts
-- span: 2024-03-01 15:00Z 2024-03-01 18:00Z
-- given: raw.events
select *
from (
    values
    ('before', 'A', '2024-03-01 14:00Z', '2024-03-01 16:00Z'),
    ('inside', 'B', '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    ('open', 'C', '2024-03-01 17:00Z', '2024-03-01 18:00Z')
) as given (event_id, entity, starts_at, ends_at);
-- given: detectors.all_live
select *
from (
    values
    ('a', 'A', '2024-03-01 15:30Z'),
    ('early', 'B', '2024-03-01 14:30Z'),
    ('c', 'C', '2024-03-01 17:30Z')
) as given (alert_key, entity, fired_at);
-- expect: outcome, event_id, alert_key
values
('missed', 'inside', null),
('further', null, 'a'),
('further', null, 'c');

-- case: the newest version of an event stands, and one that is gone is none
-- given: raw.events
select *
from (
    values
    ('moved', '2024-03-01 10:00Z', '2024-03-01 11:00Z', '2024-03-02 00:00Z', false),
    ('moved', '2024-03-01 15:00Z', '2024-03-01 16:00Z', '2024-03-01 00:00Z', false),
    ('gone', '2024-03-01 15:00Z', '2024-03-01 16:00Z', '2024-03-01 00:00Z', false),
    ('gone', '2024-03-01 15:00Z', '2024-03-01 16:00Z', '2024-03-02 00:00Z', true)
) as given (event_id, starts_at, ends_at, known_at, is_gone);
-- given: detectors.all_live
select
    'a' as alert_key,
    '2024-03-01 10:30Z' as fired_at;
-- expect: outcome, event_id, alert_key
values ('found', 'moved', 'a');

-- case: an event that names no detector measures none
-- given: raw.events
select
    'e' as event_id,
    cast(null as text) as detector;
-- given: detectors.all_live
select
    'a' as alert_key,
    '2024-03-01 15:30Z' as fired_at;
-- expect: nothing

-- case: one alert inside two events counts for both
-- given: raw.events
select *
from (
    values
    ('long', '2024-03-01 12:00Z'),
    ('short', '2024-03-01 15:00Z')
) as given (event_id, starts_at);
-- given: detectors.all_live
select
    'a' as alert_key,
    '2024-03-01 15:30Z' as fired_at;
-- expect: outcome, event_id, delay_s
values
('found', 'long', 12_600),
('found', 'short', 1_800);
