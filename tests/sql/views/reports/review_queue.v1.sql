-- default: detector = 'options.sweep', version = 1, entity = 'AAPL', severity = 'medium'

-- case: what is near the threshold comes first, then the newest; what has a verdict is not there
-- given: curated.alerts
select *
from (
    values
    ('old', 50, '2024-03-01 15:00Z', null), ('new', 90, '2024-03-02 15:00Z', null),
    ('near', 24, '2024-02-01 15:00Z', null), ('below', 15, '2024-01-01 15:00Z', null),
    ('reviewed', 50, '2024-03-03 15:00Z', null),
    ('withdrawn', 50, '2024-03-04 15:00Z', '2024-03-05 15:00Z')
) as given (alert_key, score, fired_at, withdrawn_at);
-- given: curated.review_labels
select
    'reviewed' as alert_key,
    timestamptz '2024-03-03 15:00Z' as fired_at;
-- expect: place, id, why, alert_key
values
(1, left(md5('near'), 8), 'near the threshold', 'near'),
(2, left(md5('below'), 8), 'near the threshold', 'below'),
(3, left(md5('new'), 8), 'not reviewed', 'new'),
(4, left(md5('old'), 8), 'not reviewed', 'old');

-- case: an alert about whose session models disagree comes before all others
-- given: curated.us_sessions
select
    *,
    session_date + interval 21 hours as closes_at
from (
    values (date '2024-03-01'), (date '2024-03-04')
) as given (session_date);
-- given: curated.alerts
select
    *,
    50 as score,
    fired_at as happened_at
from (
    values
    ('apart', 'AAPL', '2024-03-01 15:00Z'), ('evening', 'AAPL', '2024-03-01 22:00Z'),
    ('alike', 'IBM', '2024-03-01 15:00Z'), ('one model', 'KO', '2024-03-01 15:00Z')
) as given (alert_key, entity, fired_at);
-- given: curated.model_scores
select
    *,
    'anomaly' as measure,
    date '2024-03-01' as session_date,
    timestamptz '2024-03-02 02:00Z' as known_at
from (
    values
    ('forest', 'AAPL', 0.99, null), ('lof', 'AAPL', 0.3, null), ('forest', 'IBM', 0.99, null),
    ('lof', 'IBM', 0.9, null), ('old', 'IBM', 0.1, '2024-03-02 03:00Z'),
    ('forest', 'KO', 0.99, null)
) as given (model, entity, percentile, withdrawn_at);
-- expect: place, why, alert_key, apart
values
(1, 'models disagree', 'apart', 0.69),
(2, 'not reviewed', 'evening', null),
(3, 'not reviewed', 'alike', 0.09),
(4, 'not reviewed', 'one model', null);
