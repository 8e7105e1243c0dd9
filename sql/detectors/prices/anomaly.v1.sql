-- rule:    F4
-- what:    A stock's session that is like few others in all that is seen of it, by fitted models.
-- grain:   one row per entity and session in which the models of a pipeline are above all but one
--          in a hundred sessions that they learned from, or one model above all but three in 1,000
-- status:  live
-- every:   1h
-- needs:   12h
-- misses:  which way; what single rules see sooner, during the session; sessions before a model has
--          sixty of history, and all of them while no model is run; what is told of a session more
--          than 12 hours after it
-- noisy:   one session in a hundred by what it means, more while markets differ from the year that
--          was learned from

with params as (
    select
        'any' as only_regime,  -- calm, normal or stressed: only while the market is so; or any
        0.99 as min_percentile,  -- rule book F4: low
        0.997 as min_medium,  -- rule book F4
        0.9995 as min_high,  -- rule book F4
        interval 12 hours as max_delay,  -- of what is told of a session; later is another story
        0.997 as min_alone,  -- one model of several is wrong more often; a guess
        10_000 as min_high_rows,  -- fewer say nothing of one in two thousand; rule book F4
        1_000 as min_medium_rows,  -- fewer say nothing of three in a thousand; as above
        0.9 as both_confidence,  -- both pipelines agree; a guess
        0.6 as pipeline_confidence,  -- all models of one; a guess
        0.3 as alone_confidence  -- one model by itself; a guess
),

kinds as (
    select
        kinds.model, kinds.pipeline
    from (
        values
        ('isolation_forest', 'classical'), ('local_outlier_factor', 'classical'),
        ('autoencoder', 'deep'), ('lstm', 'deep')
    ) as kinds (model, pipeline)
),

scores as (
    select
        scores.*,
        kinds.pipeline,
        coalesce(sessions.closes_at, scores.known_at) as happened_at
    from curated.model_scores as scores
    cross join params
    inner join kinds on scores.model = kinds.model
    left join curated.us_sessions as sessions on scores.session_date = sessions.session_date
    where
        scores.measure = 'anomaly'
        and scores.percentile is not null
        and scores.role is distinct from 'challenger'
        and scores.known_at <= coalesce(sessions.closes_at, scores.known_at) + params.max_delay
),

regimes as (
    select session_date, known_at, regime
    from features.regime
    where method = 'volatility' and entity = 'market'
),

pipelines as (
    select
        entity, session_date, known_at, pipeline,
        count(*) as n_models,
        sum(percentile) / count(*) as percentile
    from scores
    group by entity, session_date, known_at, pipeline
),

agreed as (
    select
        pipelines.entity, pipelines.session_date, pipelines.known_at,
        max(case when pipelines.pipeline = 'classical' then pipelines.percentile end)
            as classical_percentile,
        max(case when pipelines.pipeline = 'deep' then pipelines.percentile end)
            as deep_percentile,
        sum(case when pipelines.percentile >= params.min_percentile then 1 else 0 end)
            as n_pipelines,
        max(
            case
                when pipelines.percentile >= params.min_percentile then pipelines.n_models else 0
            end
        ) as n_together
    from pipelines
    cross join params
    group by pipelines.entity, pipelines.session_date, pipelines.known_at
),

together as (
    select
        scores.entity, scores.session_date, scores.known_at,
        max(scores.happened_at) as happened_at,
        count(*) as n_models,
        sum(case when scores.percentile >= params.min_percentile then 1 else 0 end) as n_high,
        round(sum(cast(scores.percentile as decimal(18, 9))) / count(*), 9) as percentile,
        min(scores.percentile) as min_percentile,
        max(scores.percentile) as max_percentile,
        min(scores.n_learned) as n_learned,
        max(scores.trained_until) as trained_until,
        list_sort(list(struct_pack(
            model := scores.model, pipeline := scores.pipeline, percentile := scores.percentile,
            score := scores.score, fit_id := scores.fit_id, parts := scores.parts
        ))) as models
    from scores
    cross join params
    group by scores.entity, scores.session_date, scores.known_at
),

-- A version that became known later answers nothing anew.
firsts as (
    select
        together.*,
        agreed.classical_percentile, agreed.deep_percentile, agreed.n_pipelines,
        agreed.n_together,
        regimes.regime,
        row_number() over (
            partition by together.entity, together.session_date order by together.known_at
        ) as nth
    from together
    inner join agreed
        on
            together.entity = agreed.entity
            and together.session_date = agreed.session_date
            and together.known_at = agreed.known_at
    left join regimes
        on
            together.session_date = regimes.session_date
            and together.known_at >= regimes.known_at
),

tiers as (
    select
        firsts.*,
        case
            when firsts.n_pipelines >= 2 then 'both'
            when firsts.n_together >= 2 then 'pipeline'
            when firsts.max_percentile >= params.min_alone then 'alone'
        end as tier
    from firsts
    cross join params
    where
        firsts.nth = 1
        and firsts.trained_until < firsts.happened_at
        and (params.only_regime = 'any' or params.only_regime = firsts.regime)
),

fired as (
    select
        tiers.*,
        case tiers.tier
            when 'both' then params.both_confidence
            when 'pipeline' then params.pipeline_confidence
            else params.alone_confidence
        end as tier_confidence,
        least(
            case  -- 20, 40, 60 and 79 at 0.99, 0.997, 0.9995 and 1 of what was learned from
                when tiers.percentile < params.min_percentile
                    then 19 * tiers.percentile / params.min_percentile
                when tiers.percentile < params.min_medium
                    then
                        20 + 20 * (tiers.percentile - params.min_percentile)
                        / (params.min_medium - params.min_percentile)
                when tiers.percentile < params.min_high
                    then
                        40 + 20 * (tiers.percentile - params.min_medium)
                        / (params.min_high - params.min_medium)
                else 60 + 19 * (tiers.percentile - params.min_high) / (1 - params.min_high)
            end,
            case
                when tiers.n_learned < params.min_medium_rows then 39
                when tiers.n_learned < params.min_high_rows then 59
                else 79
            end
        ) as score
    from tiers
    cross join params
    where tiers.tier is not null
)

select
    entity,
    'underlying' as entity_type,
    happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(cast(score as double), 6) as score,
    cast(tier_confidence as double) as confidence,
    cast(null as double) as notional_usd,
    entity || ': odder than ' || cast(round(100 * percentile, 2) as decimal(5, 2))
    || ' % of what ' || n_models || case when n_models = 1 then ' model' else ' models' end
    || ' learned from' || case tier
        when 'both' then ', both pipelines agree'
        when 'pipeline' then ', one pipeline agrees'
        else ', one model alone says so'
    end as headline,
    to_json(struct_pack(
        session_date := session_date, tier := tier, percentile := cast(percentile as double),
        disagreement := round(max_percentile - min_percentile, 9),
        classical_percentile := round(classical_percentile, 9),
        deep_percentile := round(deep_percentile, 9), n_models := n_models, n_high := n_high,
        n_learned := n_learned, trained_until_us := epoch_us(trained_until), regime := regime,
        models := models
    )) as evidence,
    concat_ws('|', 'prices.anomaly', entity, session_date) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
