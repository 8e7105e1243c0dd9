-- default: scope = 'all', headline = 'it drifts', what_now = 'do this'
-- default: known_at = '2024-03-02 00:00Z'

-- case: what drifts is told with what to do now, and nothing else is
-- given: ops.drift
select *
from (
    values
    ('far', 'drift', 'budget'), ('near', 'watch', 'budget'),
    ('as before', 'stable', 'budget'), ('unknown', null, 'budget'),
    ('another', 'drift', 'other')
) as given (name, state, kind);
-- expect: dataset, entity, known_at, reason
values ('alerts', 'far', '2024-03-02 00:00Z', 'it drifts; do this');
