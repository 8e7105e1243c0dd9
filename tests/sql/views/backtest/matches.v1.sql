-- default: detector = 'options.sweep', entity = 'A', size = 1.5, known_at = '2024-03-01 00:00Z'
-- default: starts_at = '2024-03-01 15:00Z', ends_at = '2024-03-01 16:00Z'
-- default: score = 50, view = 'options.sweep', status = 'live'

-- case: an event is found by the first alert of its detector and entity, once
-- given: ops.views
select 'live' as status;
-- given: raw.events
select 'e' as event_id;
-- given: backtest.alerts
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
-- given: ops.views
select 'live' as status;
-- given: raw.events
select *
from (
    values
    ('begin', 'A'),
    ('end', 'B'),
    ('early', 'C'),
    ('late', 'D')
) as given (event_id, entity);
-- given: backtest.alerts
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
-- given: ops.views
select 'live' as status;
-- given: raw.events
select 'e' as event_id;
-- given: backtest.alerts
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
-- given: ops.views
select 'live' as status;
-- given: raw.events
select *
from (
    values
    ('before', 'A', '2024-03-01 14:00Z', '2024-03-01 16:00Z'),
    ('inside', 'B', '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    ('open', 'C', '2024-03-01 17:00Z', '2024-03-01 18:00Z')
) as given (event_id, entity, starts_at, ends_at);
-- given: backtest.alerts
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
-- given: ops.views
select 'live' as status;
-- given: raw.events
select *
from (
    values
    ('moved', '2024-03-01 10:00Z', '2024-03-01 11:00Z', '2024-03-02 00:00Z', false),
    ('moved', '2024-03-01 15:00Z', '2024-03-01 16:00Z', '2024-03-01 00:00Z', false),
    ('gone', '2024-03-01 15:00Z', '2024-03-01 16:00Z', '2024-03-01 00:00Z', false),
    ('gone', '2024-03-01 15:00Z', '2024-03-01 16:00Z', '2024-03-02 00:00Z', true)
) as given (event_id, starts_at, ends_at, known_at, is_gone);
-- given: backtest.alerts
select
    'a' as alert_key,
    '2024-03-01 10:30Z' as fired_at;
-- expect: outcome, event_id, alert_key
values ('found', 'moved', 'a');

-- case: where events overlap, an alert counts for the one that began first, and for no other
-- given: ops.views
select 'live' as status;
-- given: raw.events
select *
from (
    values
    ('b', '2024-03-01 15:00Z'),
    ('c', '2024-03-01 15:00Z'),
    ('late', '2024-03-01 15:20Z')
) as given (event_id, starts_at);
-- given: backtest.alerts
select *
from (
    values
    ('first', '2024-03-01 15:10Z'),
    ('second', '2024-03-01 15:30Z')
) as given (alert_key, fired_at);
-- expect: outcome, event_id, alert_key, delay_s
values
('found', 'b', 'first', 600),
('missed', 'c', null, null),
('missed', 'late', null, null),
('further', null, 'second', null);

-- case: an event that has ended leaves the alerts after it to the next
-- given: ops.views
select 'live' as status;
-- given: raw.events
select *
from (
    values
    ('long', '2024-03-01 15:00Z', '2024-03-01 15:10Z'),
    ('short', '2024-03-01 15:05Z', '2024-03-01 16:00Z')
) as given (event_id, starts_at, ends_at);
-- given: backtest.alerts
select *
from (
    values
    ('a', '2024-03-01 15:06Z'),
    ('b', '2024-03-01 15:11Z')
) as given (alert_key, fired_at);
-- expect: outcome, event_id, alert_key
values
('found', 'long', 'a'),
('found', 'short', 'b');

-- case: an alert counts for a subject that is a whole part of its key
-- given: ops.views
select 'live' as status;
-- given: raw.events
select *
from (
    values
    ('one', 'A240315C00100000'),
    ('other', 'A240315C00110000'),
    ('start of a part', 'A240315'),
    ('two parts', 'A|A240315C00100000'),
    ('with a suffix', '037833100 put')
) as given (event_id, subject);
-- given: backtest.alerts
select
    *,
    '2024-03-01 15:30Z' as fired_at
from (
    values
    ('options.sweep|A|A240315C00100000|2024-03-01'),
    ('options.sweep|A|A240315C00120000|2024-03-01'),
    ('options.sweep|A|037833100 put|2024-03-01')
) as given (alert_key);
-- expect: outcome, event_id, subject, alert_key
values
('found', 'one', 'A240315C00100000', 'options.sweep|A|A240315C00100000|2024-03-01'),
('missed', 'other', 'A240315C00110000', null),
('missed', 'start of a part', 'A240315', null),
('missed', 'two parts', 'A|A240315C00100000', null),
('found', 'with a suffix', '037833100 put', 'options.sweep|A|037833100 put|2024-03-01'),
('false', null, null, 'options.sweep|A|A240315C00120000|2024-03-01');

-- case: what alarms nobody finds nothing and is not false
-- param: min_score = 30
-- given: ops.views
select 'live' as status;
-- given: raw.events
select *
from (
    values
    ('e', 'A'),
    ('f', 'B')
) as given (event_id, entity);
-- given: backtest.alerts
select
    *,
    '2024-03-01 15:30Z' as fired_at
from (
    values
    ('below', 'A', 29.999999),
    ('at', 'B', 30),
    ('beside', 'C', 29)
) as given (alert_key, entity, score);
-- expect: outcome, event_id, alert_key
values
('missed', 'e', null),
('found', 'f', 'at');

-- case: a detector that is not live is not measured
-- given: raw.events
select 'e' as event_id;
-- given: ops.views
select 'draft' as status;
-- expect: nothing

-- case: an event that names no detector measures none
-- given: ops.views
select 'live' as status;
-- given: raw.events
select
    'e' as event_id,
    cast(null as text) as detector;
-- given: backtest.alerts
select
    'a' as alert_key,
    '2024-03-01 15:30Z' as fired_at;
-- expect: nothing
