-- default: period_date = '2024-02-01', known_at = '2024-03-02 00:00Z', n = 200

-- case: each kind is told in one sentence, with what to do now
-- given: ops.feature_drift
select
    'value_z' as name, 0.3125 as statistic, 0.25 as threshold, 'drift' as state;
-- given: ops.score_drift
select
    'forest' as name, 'anomaly' as scope, 0.3 as statistic, 0.2 as threshold, 'drift' as state;
-- given: ops.alert_drift
select *
from (
    values
    ('alert_rate', 'crypto.wall', 'v1', 6.5, 5, 'drift'),
    ('budget', 'crypto.wall', 'v1', 4, 3, 'drift')
) as given (kind, name, scope, statistic, threshold, state);
-- expect: kind, name, scope, statistic, threshold, headline
values
(
    'feature_psi', 'value_z', 'all symbols', 0.3125, 0.25,
    'value_z is no longer spread as in the year before: PSI 0.313'
),
(
    'score_ks', 'forest', 'anomaly', 0.3, 0.2,
    'the scores of forest (anomaly) lie apart from those that it was fitted on: KS 0.3'
),
(
    'alert_rate', 'crypto.wall', 'v1', 6.5, 5,
    'crypto.wall v1 told 200 alerts in five sessions; deviations from the usual: 6.5'
),
(
    'budget', 'crypto.wall', 'v1', 4, 3,
    'crypto.wall v1 told 200 high and critical alerts in five sessions; times its budget: 4.0'
);

-- case: what can't be said has a reason and no sentence; a constant that moved has both
-- given: ops.feature_drift
select
    *,
    0.25 as threshold
from (
    values
    ('odd', null, 'too few: 3 values in the month, of 100'),
    ('moved', 'drift', 'constant at 7')
) as given (name, state, reason);
-- expect: name, state, reason, headline
values
('odd', null, 'too few: 3 values in the month, of 100', null),
(
    'moved', 'drift', 'constant at 7',
    'moved is no longer spread as in the year before: PSI constant at 7'
);
