-- default: detector = 'options.sweep', outcome = 'found', delay_s = 60, alert_key = 'a'
-- default: starts_at = '2024-03-01 15:00Z', ends_at = '2024-03-01 16:00Z'

-- case: recall is of events of at least a size, precision also of what no event explains
-- given: backtest.matches
select *
from (
    values
    ('found', 2, 60, 'a', '2024-03-01 15:01Z'),
    ('found', 1, 180, 'b', '2024-03-01 15:03Z'),
    ('missed', 1, null, null, null),
    ('missed', 0.5, null, null, null),
    ('further', null, null, 'c', '2024-03-01 15:04Z'),
    ('false', null, null, 'd', '2024-03-02 15:00Z')
) as given (outcome, size, delay_s, alert_key, alerted_at);
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
    cast(null as double) as delay_s,
    cast(null as text) as alert_key;
-- expect: recall_frac, precision_frac, n_alerts, n_false, alerts_per_day, median_delay_s
values (0, null, 0, 0, 0, null);

-- case: one alert that two events share is one alert
-- given: backtest.matches
select *
from (
    values
    ('long', 1),
    ('short', 1)
) as given (event_id, size);
-- expect: n_events, n_found, n_alerts
values (2, 2, 1);

-- case: where some have no size, one row counts every event
-- given: backtest.matches
select *
from (
    values
    ('found', 2),
    ('missed', null)
) as given (outcome, size);
-- expect: size, n_events, n_found
values
(2, 1, 1),
(null, 2, 1);

-- case: each detector has its own curve
-- given: backtest.matches
select *
from (
    values
    ('options.sweep', 'found', 1),
    ('prices.jump', 'missed', 2)
) as given (detector, outcome, size);
-- expect: detector, size, n_events, n_found
values
('options.sweep', 1, 1, 1),
('prices.jump', 2, 1, 0);

-- case: a detector whose alerts are all false has no curve
-- given: backtest.matches
select 'false' as outcome;
-- expect: nothing
