-- what:    All that explains an alert: its evidence, what its detector sees, how it was asked.
-- grain:   one row per alert, as in reports.alerts
-- status:  live

with params as (
    select
        interval 60 minutes as max_after,  -- a move is held against a price as old as that
        interval 1 day as max_untold  -- what fires later trades, so that its end was missed
),

steps as (
    select
        *,
        struct_pack(seen := recorded_at, n := coalesce(step, 0), id := action_id) as place
    from curated.alert_actions
),

-- What a rule said of a row of a view, where no detector's alert explains it.
said as (
    select
        alert_id,
        arg_max(evidence, place) as evidence,
        arg_max(definition, place) as definition
    from steps
    where evidence is not null or definition is not null
    group by alert_id
),

-- As it is known by now: who explains an alert wants all of it.
halted as (
    select
        alerts.alert_key, halts.halted_at, halts.trades_at, halts.reason, halts.halt_class,
        row_number() over (partition by alerts.alert_key order by halts.halted_at desc) as nth
    from curated.alerts as alerts
    inner join curated.halts as halts
        on alerts.entity = halts.symbol and alerts.happened_at >= halts.halted_at
    cross join params
    where
        alerts.entity_type = 'underlying'
        and alerts.withdrawn_at is null
        and halts.withdrawn_at is null
        and coalesce(
            halts.trades_at > alerts.happened_at - params.max_after,
            halts.halted_at > alerts.happened_at - params.max_untold
        )
)

select
    shown.id, shown.told_at, shown.state, shown.severity, shown.rule, shown.key, shown.detector,
    shown.entity, shown.headline, shown.ended_at, shown.snoozed_until, shown.actor, shown.note,
    shown.alert_key, shown.alert_id, shown.version, shown.direction, shown.score,
    shown.notional_usd, shown.is_late, shown.is_open,
    alerts.entity_type,
    alerts.confidence,
    alerts.happened_at,  -- when the last of what it sees happened
    alerts.fired_at,
    alerts.ticked_at,  -- up to when the loop had asked
    alerts.recorded_until,  -- what the store knew then
    coalesce(alerts.evidence, said.evidence) as evidence,
    said.definition,  -- of the rule, as it was
    alerts.fingerprint,
    alerts.params,  -- of the detector, as they were
    alerts.inputs,  -- what the detector read, and the version of each
    detectors.what,  -- what the detector sees
    detectors.misses,  -- what it can't see
    detectors.noisy,  -- when it fires for nothing
    halted.halted_at,  -- of a stock that was halted, or had been within the hour before
    halted.trades_at,  -- when it traded again; null where nobody has told
    halted.reason as halt_reason,  -- the source's code or words
    halted.halt_class,  -- news, volatility, market or other
    labels.verdict,  -- real, false or unsure, as the newest says; null where nobody reviewed it
    labels.reviewer,  -- whose verdict stands
    labels.reviewed_at,  -- when they said so
    labels.note as review_note,  -- why, in their words
    labels.is_disputed  -- another reviewer says otherwise
from reports.alerts as shown
left join curated.alerts as alerts
    on shown.alert_key = alerts.alert_key and alerts.withdrawn_at is null
left join said on shown.alert_id = said.alert_id
left join halted on shown.alert_key = halted.alert_key and halted.nth = 1
left join curated.review_labels as labels on shown.alert_key = labels.alert_key
left join ops.views as detectors
    on alerts.detector = detectors.view and alerts.version = detectors.version
