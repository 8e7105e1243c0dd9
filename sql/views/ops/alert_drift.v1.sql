-- what:    Whether a detector fires as often as it did before: a control chart of its alerts.
-- grain:   one row per kind (alert_rate, budget), detector, version and session (crypto: UTC day)
--          in which the loop told any alert of that sort, from its fifth on; told a day later
-- status:  live
-- needs:   0s

with params as (
    select
        20 as min_score,  -- below it a row says what happened and alarms nobody (info)
        60 as min_high_score,  -- high and critical
        20 as least_before,  -- sessions: fewer say nothing of what is usual
        3 as min_watch,  -- standard deviations, as on any control chart
        5 as min_drift,  -- a guess: of 60 detectors one leaves three deviations each week by chance
        3 as max_budgets,  -- the rule book's
        interval 1 day as max_wait  -- the loop may be a little behind
),

fired as (
    select
        alerts.*,
        alerts.detector like 'crypto.%' as is_daily,
        cast(timezone('UTC', alerts.fired_at) as date) as day_date
    from curated.alerts as alerts
    where alerts.withdrawn_at is null
),

sessions as (
    select session_date, closes_at from curated.us_sessions
),

-- What is told after the close counts for the next session.
placed as (
    select
        fired.*,
        case when fired.is_daily then fired.day_date else sessions.session_date end as period_date,
        case
            when fired.is_daily
                then timezone('UTC', cast(fired.day_date as timestamp) + interval 1 day)
            else sessions.closes_at
        end as ends_at
    from fired
    asof left join sessions on fired.fired_at <= sessions.closes_at
),

-- A session in which nobody told anything is one without a loop, not one without alerts.
periods as (
    select is_daily, period_date, any_value(ends_at) as ends_at
    from placed
    where period_date is not null
    group by is_daily, period_date
),

versions as (
    select
        is_daily, detector, version,
        min(period_date) as first_date
    from placed
    group by is_daily, detector, version
),

reigns as (
    select
        *,
        lead(first_date) over (partition by detector order by version) as next_date
    from versions
),

counts as (
    select
        placed.is_daily, placed.detector, placed.version, placed.period_date,
        sum(case when placed.score >= params.min_score then 1 else 0 end) as n_told,
        sum(case when placed.score >= params.min_high_score then 1 else 0 end) as n_high
    from placed
    cross join params
    group by placed.is_daily, placed.detector, placed.version, placed.period_date
),

-- A new version has a rate of its own.
dense as (
    select
        reigns.detector, reigns.version,
        periods.period_date, periods.ends_at,
        coalesce(counts.n_told, 0) as n_told,
        coalesce(counts.n_high, 0) as n_high
    from reigns
    inner join periods
        on
            reigns.is_daily = periods.is_daily
            and reigns.first_date <= periods.period_date
            and coalesce(reigns.next_date > periods.period_date, true)
    left join counts
        on
            reigns.detector = counts.detector
            and reigns.version = counts.version
            and periods.period_date = counts.period_date
),

windowed as (
    select
        *,
        count(*) over recent as n_recent,
        sum(n_told) over recent as n_told_5,
        sum(n_high) over recent as n_high_5,
        min(n_high) over recent as least_high,
        count(*) over before as n_before,
        avg(n_told) over before as mean_told,
        var_samp(n_told) over before as var_told,
        avg(n_high) over before as mean_high
    from dense
    window
        recent as (
            partition by detector, version order by period_date rows between 4 preceding
            and current row
        ),
        before as (
            partition by detector, version order by period_date rows between 64 preceding
            and 5 preceding
        )
),

measured as (
    select
        windowed.*,
        params.min_watch, params.min_drift, params.max_budgets,
        windowed.ends_at + params.max_wait as told_at,
        -- Alerts come in clusters: their counts vary more than those of chance.
        greatest(1, coalesce(windowed.var_told / nullif(windowed.mean_told, 0), 1)) as dispersion,
        -- One alert in all that is known, where there was none.
        greatest(windowed.mean_high, 1 / nullif(windowed.n_before, 0)) as budget,
        case
            when windowed.n_before < params.least_before
                then
                    'too few: ' || windowed.n_before || ' sessions before these five, of '
                    || params.least_before
        end as reason
    from windowed
    cross join params
    where windowed.n_recent = 5
),

-- Freeman and Tukey's deviate is nearly normal for small counts too.
charted as (
    select
        *,
        round(
            (sqrt(n_told_5) + sqrt(n_told_5 + 1) - sqrt(4 * 5 * mean_told + 1)) / sqrt(dispersion),
            6
        ) as deviate,
        round(n_high_5 / 5 / budget, 6) as budgets,
        round(least_high / budget, 6) as least_budgets
    from measured
),

judged as (
    select
        'alert_rate' as kind,
        detector, version, period_date, told_at, reason,
        deviate as statistic,
        min_drift as threshold,
        case
            when abs(deviate) > min_drift then 'drift'
            when abs(deviate) > min_watch then 'watch'
            else 'stable'
        end as state,
        n_told_5 as n,
        n_before, mean_told as mean_before, dispersion, n_told as n_now
    from charted
    union all
    select
        'budget' as kind,
        detector, version, period_date, told_at, reason,
        budgets as statistic,
        max_budgets as threshold,
        case
            when least_budgets > max_budgets then 'drift'
            when budgets > max_budgets then 'watch'
            else 'stable'
        end as state,
        n_high_5 as n,
        n_before, budget as mean_before, dispersion, n_high as n_now
    from charted
)

select
    judged.kind,  -- alert_rate, or budget of those that are high and critical
    judged.detector as name,  -- its id
    'v' || judged.version as scope,  -- the version that fired
    judged.period_date,  -- the last of five sessions
    judged.told_at as known_at,  -- a day after it
    case when judged.reason is null then judged.statistic end
        as statistic,  -- deviations from the usual count; of the budget how many times it
    cast(judged.threshold as double) as threshold,  -- beyond it is drift
    case when judged.reason is null then judged.state end
        as state,  -- stable, watch or drift; null where it can't be said
    cast(judged.n as bigint) as n,  -- alerts in the five sessions
    judged.reason,  -- why there is no statistic
    to_json(struct_pack(
        n_before := judged.n_before, mean_before := round(judged.mean_before, 6),
        dispersion := round(judged.dispersion, 6), n_now := cast(judged.n_now as bigint)
    )) as evidence
from judged
cross join ops.clock as clock
where judged.told_at >= clock.since and judged.told_at < clock.until
