-- what:     Detectors that tell far more, or far fewer, alerts than they did.
-- grain:    one row per detector, version and session
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    0s

select
    'alerts' as dataset,
    name as entity,
    known_at,
    headline || '; ' || what_now as reason,
    to_json(struct_pack(
        kind := kind, scope := scope, period_date := period_date, statistic := statistic,
        threshold := threshold, n := n, evidence := evidence
    )) as evidence
from ops.drift
where state = 'drift' and kind = 'alert_rate'
