-- rule:    F4
-- what:    What fitted models say of an entity's session, beside all that the fit learned from.
-- grain:   one row per model, entity, measure, session and version; withdrawn_at is null while it
--          stands; percentile is null where a model's scores are no ranks, or where it has no score
-- status:  live
-- needs:   0s

with params as (
    select
        0.99 as min_low,  -- rule book F4
        0.997 as min_medium,  -- rule book F4
        0.9995 as min_high,  -- rule book F4
        10_000 as min_high_rows,  -- fewer say nothing of one in two thousand; rule book F4
        1_000 as min_medium_rows  -- fewer say nothing of three in a thousand; as above
),

fits as (
    select
        *,
        row_number() over (
            partition by model, fit_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.model_fits
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.model_scores
    window
        in_order as (
            partition by model, entity, measure, session_date
            order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
),

-- Nothing is told by a fit that could have seen it.
told as (
    select
        versions.*,
        fits.n_rows, fits.score_quantiles, fits.feature_view, fits.feature_fingerprint
    from versions
    left join fits
        on versions.model = fits.model and versions.fit_id = fits.fit_id and fits.age = 1
    where
        not versions.is_gone
        and versions.trained_until <= versions.known_at
        and cast(versions.trained_until as date) <= versions.session_date
        and coalesce(fits.trained_until <= versions.trained_until, true)
),

-- How many quantiles lie below: where the score comes to stand among them, sorted.
counted as (
    select
        *,
        len(score_quantiles) as n_quantiles,
        list_position(list_sort(list_append(score_quantiles, score)), score) - 1 as n_below
    from told
),

-- Between two quantiles in proportion, at some that are equal at the first of them.
placed as (
    select
        *,
        case
            when score is null or coalesce(n_quantiles, 0) < 2 then null
            when n_below = n_quantiles then 1
            when score_quantiles[n_below + 1] = score
                then cast(n_below as double) / (n_quantiles - 1)
            when n_below = 0 then 0
            else
                (
                    n_below - 1 + (score - score_quantiles[n_below])
                    / (score_quantiles[n_below + 1] - score_quantiles[n_below])
                ) / (n_quantiles - 1)
        end as percentile
    from counted
)

select
    placed.model,  -- its file in models/
    placed.entity,  -- a symbol, or market
    placed.measure,  -- anomaly, regime or volatility
    placed.session_date,
    placed.known_at,  -- when what it was computed from was known
    placed.replaced_at as withdrawn_at,  -- when another took its place; null while it stands
    placed.score,  -- larger is odder; of a regime its place by volatility
    round(placed.percentile, 9)
        as percentile,  -- among the scores of what the fit learned from, 0 to 1
    case
        when placed.percentile >= params.min_high and placed.n_rows >= params.min_high_rows
            then 'high'
        when placed.percentile >= params.min_medium and placed.n_rows >= params.min_medium_rows
            then 'medium'
        when placed.percentile >= params.min_low then 'low'
    end as severity,  -- of its percentile, as far as the rows that were learned from can tell
    placed.probability,  -- that the regime is this one
    round(
        coalesce(
            placed.probability,
            least(1, cast(placed.n_rows as double) / params.min_high_rows)
        ), 6
    ) as confidence,  -- the probability; else rows learned from in 10,000, 1 at most
    placed.trained_until,  -- nothing that became known later was learned from
    placed.n_rows as n_learned,  -- rows that were learned from
    placed.fit_id,
    placed.feature_view,  -- what it reads
    placed.feature_fingerprint,  -- of that view
    placed.parts,  -- JSON: what the score is made of, most first
    placed.reason,  -- why there is no score
    told.role  -- champion, or challenger, which no detector reads
from placed
cross join params
left join curated.model_roles as told on placed.model = told.model
