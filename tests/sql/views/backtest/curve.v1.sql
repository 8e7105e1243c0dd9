-- default: detector = 'options.sweep', outcome = 'found', delay_s = 60, alert_key = 'a'
-- default: starts_at = '2024-03-01 15:00Z', ends_at = '2024-03-01 16:00Z'

-- case: recall is of events of one size, precision of that size and larger ones, with all that
--     no event explains
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
(0.5, 1, 0, 0, 0.666667, 4, 1, 2, 2, null),
(1, 2, 1, 0.5, 0.666667, 4, 1, 2, 2, 180),
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

-- case: a row of its own counts the events whose size nobody says; its precision is of all
-- given: backtest.matches
select *
from (
    values
    ('found', 2, 'a'),
    ('found', null, 'b'),
    ('missed', null, null),
    ('false', null, 'c')
) as given (outcome, size, alert_key);
-- expect: size, n_events, n_found, precision_frac
values
(2, 1, 1, 0.5),
(null, 2, 1, 0.666667);

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
