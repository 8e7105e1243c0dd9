-- default: detector = 'options.sweep', outcome = 'found', delay_s = 60
-- default: starts_at = '2024-03-01 15:00Z', ends_at = '2024-03-01 16:00Z'
-- default: fired_at = '2024-03-01 15:01Z'

-- case: recall is of events of at least a size, precision also of what no event explains
-- given: backtest.matches
select *
from (
    values
    ('found', 'a', 2, 60, '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    ('found', 'b', 1, 180, '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    ('missed', 'c', 1, null, '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    ('missed', 'd', 0.5, null, '2024-03-01 15:00Z', '2024-03-01 16:00Z'),
    ('false', null, null, null, null, null)
) as given (outcome, event_id, size, delay_s, starts_at, ends_at);
-- given: detectors.all_live
select *
from (
    values
    ('2024-03-01 15:01Z'),
    ('2024-03-01 15:03Z'),
    ('2024-03-01 15:04Z'),
    ('2024-03-02 15:00Z')
) as given (fired_at);
-- expect: size, n_events, n_found, recall_frac, precision_frac, n_alerts, n_false, n_days,
--     alerts_per_day, median_delay_s
values
(0.5, 4, 2, 0.5, 0.666667, 4, 1, 2, 2, 120),
(1, 3, 2, 0.666667, 0.666667, 4, 1, 2, 2, 120),
(2, 1, 1, 1, 0.5, 4, 1, 2, 2, 60);

-- case: a detector that never fired has recall 0 and no precision
-- given: backtest.matches
select
    'missed' as outcome,
    1 as size,
    cast(null as double) as delay_s;
-- expect: recall_frac, precision_frac, n_alerts, n_false, alerts_per_day, median_delay_s
values (0, null, 0, 0, 0, null);

-- case: where some have no size, one row counts every event
-- given: backtest.matches
select *
from (
    values
    ('found', 2),
    ('missed', null)
) as given (outcome, size);
-- given: detectors.all_live
select '2024-03-01 15:01Z' as fired_at;
-- expect: size, n_events, n_found
values
(2, 1, 1),
(null, 2, 1);

-- case: a detector whose alerts are all false has no curve
-- given: backtest.matches
select 'false' as outcome;
-- expect: nothing

-- case: alerts before the span count nowhere
-- span: 2024-03-01 15:00Z 2024-03-02 00:00Z
-- given: backtest.matches
select 1 as size;
-- given: detectors.all_live
select *
from (
    values
    ('2024-03-01 14:59Z'),
    ('2024-03-01 15:01Z')
) as given (fired_at);
-- expect: n_alerts, n_days
values (1, 1);
