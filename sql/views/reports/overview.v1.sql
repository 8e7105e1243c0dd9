-- what:    Alerts that stand, the newest first, each with all that explains it.
-- grain:   one row per alert
-- status:  live
-- route:   alerts

select
    alerts.fired_at, alerts.severity, alerts.detector, alerts.version,
    alerts.entity, alerts.entity_type, alerts.direction,
    alerts.score, alerts.confidence, alerts.notional_usd,
    alerts.headline,
    detectors.what,  -- what the detector sees
    detectors.misses,  -- what it can't see
    detectors.noisy,  -- when it fires for nothing
    alerts.evidence, alerts.happened_at, alerts.known_at,
    alerts.is_late, alerts.ticked_at, alerts.recorded_until,
    alerts.alert_key, alerts.fingerprint, alerts.params
from curated.alerts as alerts
left join ops.views as detectors
    on alerts.detector = detectors.view and alerts.version = detectors.version
where alerts.withdrawn_at is null
order by alerts.fired_at desc, alerts.alert_key asc
