-- what:    Whether a model's scores lie in a month as those did that it was fitted on (KS).
-- grain:   one row per model, measure, fit and month, told a day after the month is over
-- status:  live
-- needs:   40d

with params as (
    select
        100 as least_rows,  -- below it the distance is 0.2 by chance
        0.001 as max_p,  -- a month in a thousand by chance, were its scores independent
        0.1 as min_watch,  -- a guess; backtest before trusting
        0.2 as min_drift,  -- a guess; backtest before trusting
        interval 1 day as max_wait  -- what is told later of a month does not count
),

fits as (
    select
        model, fit_id, n_rows, score_quantiles, is_gone
    from raw.model_fits
    qualify row_number() over (
        partition by model, fit_id order by known_at desc, recorded_at desc, load_id desc
    ) = 1
),

told as (
    select
        model, measure, fit_id, entity, session_date, known_at, score, is_gone,
        cast(date_trunc('month', session_date) as date) as month_date
    from raw.model_scores
    qualify row_number() over (
        partition by model, measure, fit_id, entity, session_date
        order by known_at desc, recorded_at desc, load_id desc
    ) = 1
),

dated as (
    select
        told.*,
        timezone('UTC', cast(told.month_date as timestamp) + interval 1 month)
        + params.max_wait as told_at
    from told
    cross join params
    where not told.is_gone
),

scores as (
    select dated.*
    from dated
    cross join ops.clock as clock
    where
        dated.known_at <= dated.told_at
        and dated.told_at >= clock.since
        and dated.told_at < clock.until
),

months as (
    select
        scores.model, scores.measure, scores.fit_id, scores.month_date,
        any_value(scores.told_at) as told_at,
        count(case when isfinite(scores.score) then scores.score end) as n,
        count(*) as n_all,
        any_value(fits.n_rows) as n_fitted,
        any_value(fits.score_quantiles) as quantiles
    from scores
    left join fits
        on scores.model = fits.model and scores.fit_id = fits.fit_id and not fits.is_gone
    group by scores.model, scores.measure, scores.fit_id, scores.month_date
),

points as (
    select
        model, measure, fit_id, month_date,
        unnest(quantiles) as x,
        1 / len(quantiles) as fitted_step,
        0 as month_step
    from months
    union all
    select
        scores.model, scores.measure, scores.fit_id, scores.month_date,
        scores.score as x,
        0 as fitted_step,
        1 / nullif(months.n, 0) as month_step
    from scores
    inner join months
        on
            scores.model = months.model
            and scores.measure = months.measure
            and scores.fit_id = months.fit_id
            and scores.month_date = months.month_date
    where isfinite(scores.score)
),

-- How much of either lies up to a score, equal ones in one step.
curves as (
    select
        model, measure, fit_id, month_date,
        abs(sum(fitted_step) over up_to - sum(month_step) over up_to) as apart
    from points
    window
        up_to as (
            partition by model, measure, fit_id, month_date
            order by x range between unbounded preceding and current row
        )
),

distances as (
    select model, measure, fit_id, month_date, round(max(apart), 6) as distance
    from curves
    group by model, measure, fit_id, month_date
),

judged as (
    select
        months.*,
        -- What chance reaches: two samples of one kind are as far apart once in so many.
        sqrt(-ln(params.max_p / 2) / 2 * (1 / nullif(months.n, 0) + 1 / nullif(months.n_fitted, 0)))
            as by_chance,
        params.min_watch, params.min_drift,
        distances.distance,
        case
            when months.quantiles is null then 'its fit tells no scores to lay these beside'
            when months.n = 0 then 'none of ' || months.n_all || ' rows has a score'
            when months.n < params.least_rows
                then 'too few: ' || months.n || ' scores in the month, of ' || params.least_rows
            when months.n_fitted < params.least_rows
                then 'too few: it was fitted on ' || months.n_fitted || ' rows'
            when list_min(months.quantiles) = list_max(months.quantiles)
                then 'constant: every row that it was fitted on has one score'
        end as reason
    from months
    cross join params
    left join distances
        on
            months.model = distances.model
            and months.measure = distances.measure
            and months.fit_id = distances.fit_id
            and months.month_date = distances.month_date
)

select
    model as name,  -- its file in models/
    measure as scope,  -- anomaly, regime or volatility
    month_date as period_date,  -- the month's first day
    told_at as known_at,  -- a day after the month
    case when reason is null then distance end as statistic,  -- largest distance of the two curves
    round(greatest(min_drift, by_chance), 6) as threshold,  -- beyond it is drift
    case
        when reason is not null then null
        when distance > greatest(min_drift, by_chance) then 'drift'
        when distance > greatest(min_watch, by_chance) then 'watch'
        else 'stable'
    end as state,  -- stable, watch or drift; null where it can't be said
    n,  -- scores in the month
    reason,  -- why there is no statistic
    to_json(struct_pack(
        fit_id := fit_id, n_fitted := n_fitted, by_chance := round(by_chance, 6)
    )) as evidence  -- the fit, and what chance reaches
from judged
