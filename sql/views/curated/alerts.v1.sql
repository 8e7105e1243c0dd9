-- what:    Alerts as the loop first saw them, with the moment each was withdrawn or replaced.
-- grain:   one row per alert and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.alerts
    window in_order as (partition by alert_key order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    alert_key, detector, version, fingerprint,
    entity, entity_type,
    happened_at, fired_at, known_at,
    replaced_at as withdrawn_at,  -- when it was replaced or taken away; null while it stands
    direction, severity, score, confidence, notional_usd,
    headline, evidence,
    is_late, ticked_at, recorded_until,
    inputs, params
from versions
where not is_gone
