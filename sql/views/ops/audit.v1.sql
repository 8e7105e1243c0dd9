-- what:    Who ran, changed, acknowledged or exported what, from where, and how it ended.
-- grain:   one row per act: of the trail, load, forget, step of a person, run, and verdict
-- status:  live

with told as (
    select
        *,
        row_number() over (
            partition by act_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.acts
    where not is_gone
),

-- What the trail tells by itself.
noted as (
    select
        began_at, act, about, actor, via, client, outcome, reason, duration_ms,
        n_rows, n_bytes, n_times, form, target, query, query_hash, details, settings_hash,
        act_id as id, recorded_at
    from told
    where age = 1
),

-- What the ledger tells: it does not know who, the act at the same time does.
ledger as (
    select
        started_at as began_at,
        case when action = 'load' then 'loaded' else 'forgotten' end as act,
        feed || ' ' || coverage as about,
        cast(null as text) as actor,
        'store' as via,
        'done' as outcome,
        cast(null as text) as reason,
        duration_ms,
        n_rows,
        load_id as id,
        recorded_at
    from raw.loads
    where
        action = 'forget'
        or feed not in (
            'acts', 'alert_acts', 'alerts', 'checks', 'deliveries', 'live', 'reviews', 'rules',
            'schedule'
        )
),

steps as (
    select
        acted_at as began_at,
        action as act,
        coalesce(alert_key, alert_id, key) as about,
        actor,
        'alerts' as via,
        'done' as outcome,
        note as reason,
        cast(null as bigint) as duration_ms,
        cast(null as bigint) as n_rows,
        action_id as id,
        recorded_at
    from curated.alert_actions
    where action in ('acknowledged', 'snoozed', 'woken')
),

runs as (
    select
        started_at as began_at,
        'run' as act,
        job as about,
        'schedule' as actor,
        'schedule' as via,
        outcome,
        reason,
        epoch_ms(ended_at) - epoch_ms(started_at) as duration_ms,
        n_rows,
        run_id as id,
        recorded_at
    from curated.schedule_runs
),

verdicts as (
    select
        reviewed_at as began_at,
        'reviewed ' || verdict as act,
        alert_key as about,
        reviewer as actor,  -- as he calls himself; the act review mark has the user
        'reviews' as via,
        'done' as outcome,
        note as reason,
        cast(null as bigint) as duration_ms,
        cast(null as bigint) as n_rows,
        review_id as id,
        known_at as recorded_at
    from curated.reviews
),

-- What the loop heard of a rule for the first time, or otherwise than before.
marks as (
    select
        *,
        lag(definition) over in_order as definition_before
    from raw.rule_marks
    where not is_gone
    window in_order as (partition by rule order by recorded_at, until_at, load_id)
),

rules as (
    select
        until_at as began_at,
        case when definition is null then 'rule gone' else 'rule heard' end as act,
        rule as about,
        'loop' as actor,
        'loop' as via,
        'done' as outcome,
        cast(definition as text) as reason,
        cast(null as bigint) as duration_ms,
        cast(null as bigint) as n_rows,
        md5(rule || cast(recorded_at as text)) as id,
        recorded_at
    from marks
    where definition is distinct from definition_before
),

-- Who runs under other settings than the act before, which somebody has changed meanwhile.
heard as (
    select
        *,
        lag(settings_hash) over in_order as settings_before
    from noted
    where settings_hash is not null
    window in_order as (order by began_at, id)
),

settings as (
    select
        began_at,
        'settings changed' as act,
        settings_hash as about,
        cast(null as text) as actor,
        'settings' as via,
        'done' as outcome,
        'first heard by ' || act as reason,
        cast(null as bigint) as duration_ms,
        cast(null as bigint) as n_rows,
        md5('settings' || id) as id,
        recorded_at
    from heard
    where settings_before <> settings_hash
),

others as (
    select * from ledger
    union all
    select * from steps
    union all
    select * from runs
    union all
    select * from verdicts
    union all
    select * from rules
    union all
    select * from settings
),

united as (
    select * from noted
    union all
    select
        began_at, act, about, actor, via, cast(null as text) as client, outcome, reason,
        duration_ms, n_rows, cast(null as bigint) as n_bytes, cast(1 as bigint) as n_times,
        cast(null as text) as form, cast(null as text) as target, cast(null as text) as query,
        cast(null as text) as query_hash, null as details,
        cast(null as text) as settings_hash, id, recorded_at
    from others
)

select
    began_at,  -- when, by the clock of whoever did it
    act,  -- what: a command, or ask, sql, export, login, loaded, acknowledged, run, rule heard
    about,  -- on what
    actor,  -- the system's user, a token's name, a password, schedule; null: the ledger alone knows
    via,  -- cli, api, dashboard; or schedule, store, alerts, reviews, loop, settings
    client,  -- the address that a request came from; of IPv6 the network
    outcome,  -- running, done, failed, refused, interrupted, killed or stopped
    reason,  -- why it was not done, what its doer noted, or the rule as it was heard
    duration_ms,  -- how long it took
    n_rows,  -- rows taken along, or loaded
    n_bytes,  -- bytes taken along
    n_times,  -- how many alike it stands for
    form,  -- csv, parquet and so on
    target,  -- the file written; null where it was answered
    query,  -- the first letters of what was asked
    query_hash,  -- SHA-256 of all of it
    details,  -- options, as they were given
    settings_hash,  -- of the settings in force: another one than before, and they were changed
    id,  -- of the act, load, step, run or verdict; of what is derived a digest
    recorded_at  -- when the store knew it
from united
