-- rule:    E4
-- what:    How far the scores of a stock can be relied on in a session, 0 to 100; no direction.
-- grain:   one row per symbol and session, told five hours after the close, where
--          features.score_components has one; agreement is null where no component leans any way
-- status:  live
-- needs:   0s
-- misses:  whether it is right more often where it is higher: read it as how complete the data is,
--          until backtest.confidence_tiers says so of your own store

with params as (
    select
        60 as min_high,  -- rule book E4
        35 as min_medium  -- rule book E4
),

weighed as (
    select
        *,
        s is not null as is_there,
        x is not null or has_flags as is_told,
        cast(n_obs as double) / (n_obs + k) as own_reliability
    from features.score_components
    where weight is not null
),

-- Each term is rounded before it is added, so that its sum is the same in whatever order.
summed as (
    select
        symbol, session_date, known_at,
        sum(case when is_there then cast(weight as decimal(18, 9)) else 0 end) as there,
        sum(case when is_there then cast(round(weight * s, 12) as decimal(18, 12)) else 0 end)
            as net,
        sum(case when is_there then cast(round(weight * abs(s), 12) as decimal(18, 12)) else 0 end)
            as gross,
        sum(
            case
                when is_there then cast(round(weight * own_reliability, 12) as decimal(18, 12))
                else 0
            end
        ) as reliable,
        sum(
            case
                when is_there then cast(round(weight * freshness, 12) as decimal(18, 12))
                else 0
            end
        ) as fresh,
        sum(case when is_told then 1 else 0 end) as n_told,
        sum(case when is_told and not has_flags then 1 else 0 end) as n_good
    from weighed
    group by symbol, session_date, known_at
),

measured as (
    select
        symbol, session_date, known_at,
        cast(there as double) as coverage,
        abs(cast(net as double)) / nullif(cast(gross as double), 0) as agreement,
        cast(reliable as double) / nullif(cast(there as double), 0) as reliability,
        cast(fresh as double) / nullif(cast(there as double), 0) as freshness,
        cast(n_good as double) / nullif(n_told, 0) as quality
    from summed
),

-- Without a lean there is nothing to agree on, and half of the rest is left.
rated as (
    select
        *,
        round(
            coalesce(
                100 * coverage * (0.5 + 0.5 * coalesce(agreement, 0)) * reliability * freshness
                * quality, 0
            ), 9
        ) as confidence
    from measured
)

select
    rated.symbol as entity,  -- the ticker then valid
    rated.symbol,  -- the same
    rated.session_date,
    rated.known_at,
    rated.confidence,  -- 0 to 100; 0 where nothing is known
    case
        when rated.confidence >= params.min_high then 'high'
        when rated.confidence >= params.min_medium then 'medium'
        else 'low'
    end as tier,  -- high, medium or low
    round(rated.coverage, 9) as coverage,  -- weight of the components that are there, 0 to 1
    round(rated.agreement, 9)
        as agreement,  -- 1 where all lean one way, 0 where they cancel out
    round(rated.reliability, 9)
        as reliability,  -- how long the histories are, 0 to 1; null where nothing is there
    round(rated.freshness, 9) as freshness,  -- how new what is told is, 0 to 1
    round(rated.quality, 9) as quality  -- of the components told of, the part without flags
from rated
cross join params
