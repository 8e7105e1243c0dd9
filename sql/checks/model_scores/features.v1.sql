-- what:     Features of which a month is no longer spread as the year before, so that models err.
-- grain:    one row per feature and month
-- status:   live
-- every:    1d
-- severity: medium
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
where state = 'drift' and kind = 'feature_psi'
