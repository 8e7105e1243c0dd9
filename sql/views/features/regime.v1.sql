-- rule:    F3
-- what:    The regime of the market and of stocks by each method: calm, normal or stressed.
-- grain:   one row per method, entity and session; volatility is reckoned in SQL of every stock and
--          of the market, the others are what the models regime_* wrote, each session by the fit
--          of its month
-- status:  live
-- needs:   0s

with numbered as (
    select
        *,
        row_number() over (
            partition by model, entity, session_date order by recorded_at desc, load_id desc
        ) as age
    from raw.model_scores
    where measure = 'regime'
),

told as (
    select
        'volatility' as method,
        entity, session_date, known_at, regime_id,
        cast(null as double) as p_regime,
        cast(null as timestamptz) as trained_until,
        reason
    from features.volatility_regime
    union all
    select
        replace(model, 'regime_', '') as method,
        entity, session_date, known_at,
        coalesce(cast(score as integer), -1) as regime_id,
        probability as p_regime,
        trained_until, reason
    from numbered
    where age = 1 and not is_gone
)

select
    method,  -- volatility in SQL; kmeans, hdbscan, hmm of the models
    entity,  -- a symbol, or market
    session_date,
    known_at,  -- five hours after the session's close
    cast(regime_id as integer) as regime_id,  -- 0 calm, 1 normal, 2 stressed; -1 unassigned
    case regime_id
        when 0 then 'calm' when 1 then 'normal' when 2 then 'stressed'
        else 'unassigned'
    end as regime,  -- the same in a word
    p_regime,  -- how probable the model holds it; null of the percentile and of what is unassigned
    trained_until,  -- the model learned nothing that became known later; null of SQL
    reason  -- why it is unassigned; else null
from told
