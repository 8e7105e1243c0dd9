-- what:    Every model that was fitted: its role, its newest fit, and whether its scores drift.
-- grain:   one row per model and measure
-- status:  live
-- needs:   0s

with fits as (
    select *
    from raw.model_fits
    where not is_gone
    qualify row_number() over (
        partition by model, fitted_for order by known_at desc, recorded_at desc, load_id desc
    ) = 1
),

counted as (
    select
        model,
        count(*) as n_fits,
        max(fitted_for) as fitted_for,
        max(struct_pack(at := fitted_for, n := n_rows)).n as n_rows,
        max(struct_pack(at := fitted_for, said := note)).said as note,
        max(struct_pack(at := fitted_for, said := library)).said as library
    from fits
    group by model
),

scored as (
    select
        model, measure,
        count(*) as n_scores,
        sum(case when score is null then 1 else 0 end) as n_null,
        max(session_date) as newest_session
    from raw.model_scores
    where not is_gone
    group by model, measure
),

drifts as (
    select *
    from ops.score_drift
    qualify row_number() over (
        partition by name, scope order by period_date desc, known_at desc, evidence asc
    ) = 1
)

select
    counted.model,  -- its file in models/
    scored.measure,  -- anomaly, regime or volatility; null where it has said nothing yet
    told.role,  -- champion or challenger, as [models.NAME] says
    counted.fitted_for,  -- the month that its newest fit scores
    counted.n_fits,  -- months with a fit, or with the reason why there is none
    counted.n_rows,  -- that the newest one was fitted on
    coalesce(scored.n_scores, 0) as n_scores,  -- rows that it has said
    cast(coalesce(scored.n_null, 0) as bigint) as n_null,  -- rows without a score, with a reason
    scored.newest_session,  -- that it scored
    drifts.period_date as drift_month,  -- the newest month that was held against its fit
    coalesce(drifts.state, drifts.reason) as drift,  -- stable, watch or drift; else why not
    counted.library,  -- with its version
    counted.note  -- of the newest fit
from counted
left join scored on counted.model = scored.model
left join curated.model_roles as told on counted.model = told.model
left join drifts on counted.model = drifts.name and scored.measure = drifts.scope
order by counted.model asc, scored.measure asc
