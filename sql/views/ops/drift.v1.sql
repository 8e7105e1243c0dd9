-- rule:    G5
-- what:    What is no longer as it was: features, scores of models, and how often detectors fire.
-- grain:   one row per kind, name, scope and month (features, scores) or session (alerts)
-- status:  live
-- needs:   0s

with told as (
    select
        'feature_psi' as kind, name, 'all symbols' as scope,
        period_date, known_at, statistic, threshold, state, n, reason, evidence
    from ops.feature_drift
    union all
    select
        'score_ks' as kind, name, scope,
        period_date, known_at, statistic, threshold, state, n, reason, evidence
    from ops.score_drift
    union all
    select
        kind, name, scope,
        period_date, known_at, statistic, threshold, state, n, reason, evidence
    from ops.alert_drift
),

worded as (
    select
        *,
        case
            when kind = 'feature_psi'
                then name || ' is no longer spread as in the year before: PSI '
            when kind = 'score_ks'
                then
                    'the scores of ' || name || ' (' || scope
                    || ') lie apart from those that it was fitted on: KS '
            when kind = 'alert_rate'
                then
                    name || ' ' || scope || ' told ' || n
                    || ' alerts in five sessions; deviations from the usual: '
            else
                name || ' ' || scope || ' told ' || n
                || ' high and critical alerts in five sessions; times its budget: '
        end as what,
        case
            when kind = 'feature_psi'
                then
                    'refit the models that read it, or trust the simple rules alone and tag what '
                    || 'they tell fallback'
            when kind = 'score_ks'
                then 'refit it, or make it a challenger and tag what the simple rules tell fallback'
            when kind = 'alert_rate'
                then 'look at what it reads, with leadline check data, before trusting it'
            else 'no threshold moves by itself: look at what it reads, then write a new version'
        end as what_now
    from told
)

select
    kind,  -- feature_psi, score_ks, alert_rate or budget
    name,  -- of the feature, the model or the detector
    scope,  -- of what of it: all symbols, a measure, or a version
    period_date,  -- a month's first day, or the last of five sessions
    known_at,  -- a day after the month or the session was over
    statistic,  -- PSI, distance of two curves, deviations, or times the budget
    threshold,  -- what the statistic is beyond where it is drift
    state,  -- stable, watch or drift; null where it can't be said
    n,  -- values, scores or alerts that it is computed from
    reason,  -- why it can't be said: too few, constant, or null throughout
    case
        when state is not null
            then what || coalesce(cast(round(statistic, 3) as text), reason)
    end as headline,  -- what is told of it, in one sentence
    what_now,  -- what to do where it drifts
    evidence  -- the numbers behind it
from worded
