-- what:     Models whose scores of a month lie apart from those of what they were fitted on.
-- grain:    one row per model, measure, fit and month
-- status:   live
-- every:    1d
-- severity: high
-- needs:    0s

select
    'model_scores' as dataset,
    name as entity,
    known_at,
    headline || '; ' || what_now as reason,
    to_json(struct_pack(
        kind := kind, scope := scope, period_date := period_date, statistic := statistic,
        threshold := threshold, n := n, evidence := evidence
    )) as evidence
from ops.drift
where state = 'drift' and kind = 'score_ks'
