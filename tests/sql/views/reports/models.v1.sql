-- default: known_at = '2024-02-01 00:00Z', measure = 'anomaly'

-- case: a model with its newest fit, and how its scores stand beside it
-- given: raw.model_fits
select *
from (
    values
    ('forest', 'a', '2024-01-01', 900, null, 'scikit-learn 1'),
    ('forest', 'b', '2024-02-01', 1_000, 'ten rounds', 'scikit-learn 2'),
    ('new', 'c', '2024-02-01', 5, 'no fit: too few', null)
) as given (model, fit_id, fitted_for, n_rows, note, library);
-- given: raw.model_scores
select
    *,
    'forest' as model
from (
    values ('S1', '2024-02-01', 0.5), ('S1', '2024-02-02', null), ('S2', '2024-02-02', 0.1)
) as given (entity, session_date, score);
-- given: curated.model_roles
select * from (values ('forest', 'challenger'), ('new', 'champion')) as given (model, role);
-- given: ops.score_drift
select
    *,
    'forest' as name,
    'anomaly' as scope
from (
    values ('2024-01-01', 'drift', null), ('2024-02-01', null, 'too few: 2 scores')
) as given (period_date, state, reason);
-- expect: model, measure, role, fitted_for, n_fits, n_rows, n_scores, n_null, newest_session,
--     drift_month, drift, library, note
values
(
    'forest', 'anomaly', 'challenger', '2024-02-01', 2, 1_000, 3, 1, '2024-02-02', '2024-02-01',
    'too few: 2 scores', 'scikit-learn 2', 'ten rounds'
),
('new', null, 'champion', '2024-02-01', 1, 5, 0, 0, null, null, null, null, 'no fit: too few');
