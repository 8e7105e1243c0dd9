-- default: detector = 'options.sweep', entity = 'A', size = 1.5, known_at = '2024-03-01 00:00Z'
-- default: starts_at = '2024-03-01 15:00Z', ends_at = '2024-03-01 16:00Z', label = 'planted'
-- default: score = 50, withdrawn_at = null

-- case: one of two is found, one alert is of no event, one comes again: 95 % intervals by Wilson
-- given: raw.events
select *
from (
    values
    ('found', 'A', 1.5),
    ('missed', 'B', 2)
) as given (event_id, entity, size);
-- given: curated.alerts
select *
from (
    values
    ('first', 'A', '2024-03-01 15:01Z'),
    ('again', 'A', '2024-03-01 15:02Z'),
    ('false', 'C', '2024-03-01 15:03Z')
) as given (alert_key, entity, fired_at);
-- expect: is_all, size, n_events, n_found, recall_frac, recall_low_frac, recall_high_frac, n_alerts
values
(true, null, 2, 1, 0.5, 0.094529, 0.905471, 3),
(false, 1.5, 1, 1, 1, 0.206543, 1, null),
(false, 2, 1, 0, 0, 0, 0.793457, null);

-- case: false alerts are told by the day, and delays from an event's begin
-- given: raw.events
select 'e' as event_id;
-- given: curated.alerts
select *
from (
    values
    ('first', 'A', '2024-03-01 15:01Z'),
    ('false', 'C', '2024-03-01 15:03Z')
) as given (alert_key, entity, fired_at);
-- expect: is_all, n_false, precision_frac, n_days, false_per_day, median_delay_s, measured_against
values
(true, 1, 0.5, 1, 1, 60, 'planted'),
(false, null, null, 1, null, 60, 'planted');

-- case: alerts before the first event, after the last and of little weight are held against nobody
-- given: raw.events
select 'e' as event_id;
-- given: curated.alerts
select *
from (
    values
    ('before', 'A', '2024-03-01 14:59Z', 50),
    ('after', 'A', '2024-03-01 16:01Z', 50),
    ('info', 'B', '2024-03-01 15:30Z', 19)
) as given (alert_key, entity, fired_at, score);
-- expect: is_all, n_events, n_found, n_alerts, n_false, precision_frac
values
(true, 1, 0, 0, 0, null),
(false, 1, 0, null, null, null);

-- case: an event may be of one contract, and what stands no more was never known
-- given: raw.events
select *
from (
    values
    ('one', 'C1', false),
    ('other', 'C2', false),
    ('gone', 'C3', true)
) as given (event_id, subject, is_gone);
-- given: curated.alerts
select *
from (
    values
    ('options.sweep|A|C1|d', '2024-03-01 15:30Z', null),
    ('options.sweep|A|C2|d', '2024-03-01 15:30Z', '2024-03-02 00:00Z')
) as given (alert_key, fired_at, withdrawn_at);
-- expect: is_all, n_events, n_found
values
(true, 2, 1),
(false, 2, 1);
