-- default: scope = 'all', headline = 'it drifts', what_now = 'do this'
-- default: known_at = '2024-03-02 00:00Z'

-- case: what drifts is told with what to do now, and nothing else is
-- given: ops.drift
select *
from (
    values
    ('far', 'drift', 'score_ks'), ('near', 'watch', 'score_ks'),
    ('as before', 'stable', 'score_ks'), ('unknown', null, 'score_ks'),
    ('another', 'drift', 'other')
) as given (name, state, kind);
-- expect: dataset, entity, known_at, reason
values ('model_scores', 'far', '2024-03-02 00:00Z', 'it drifts; do this');
