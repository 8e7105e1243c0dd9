-- what:    Stocks that traded unusually off exchange in a session, the most unusual first.
-- grain:   one row per symbol and session whose volume or value is over twice its mean of 30
--          sessions, or whose share is very high in its own year
-- status:  live
-- needs:   1d

with params as (
    select
        2 as min_ratio,  -- founding rule, C8
        3 as high_ratio  -- founding rule: high
),

-- Of prints and totals the one with the longer history.
volumes as (
    select
        *,
        row_number() over (
            partition by symbol, session_date order by n_obs desc, basis asc
        ) as nth
    from features.off_exchange_volume
),

found as (
    select
        volumes.*,
        ratios.offex_ratio, ratios.ratio_label, ratios.legacy_label, ratios.ratio_pr,
        ratios.mz60 as ratio_mz60,
        greatest(coalesce(volumes.volume_ratio30, 0), coalesce(volumes.value_ratio30, 0)) as ratio,
        params.min_ratio, params.high_ratio
    from volumes
    cross join params
    left join features.off_exchange_ratio as ratios
        on
            volumes.symbol = ratios.symbol
            and volumes.session_date = ratios.session_date
            and volumes.basis = ratios.basis
    where volumes.nth = 1
)

select
    found.session_date,
    row_number() over (
        partition by found.session_date
        order by found.mz60 desc nulls last, found.ratio desc, found.symbol asc
    ) as place,  -- by the modified z of the volume
    found.symbol,
    found.basis,  -- prints of the tape, or FINRA's totals over a bar's volume
    found.offex_volume,  -- shares
    found.offex_value_usd,
    found.volume_ratio30,  -- over its mean of 30 sessions
    found.value_ratio30,  -- over its mean of 30 sessions
    found.mz60,  -- modified z of the volume in 60 sessions
    case
        when found.ratio > found.high_ratio then 'high'
        when found.ratio > found.min_ratio then 'medium'
    end as legacy_severity,  -- by the founding rule; null where the share alone is unusual
    found.offex_ratio,  -- off exchange, of all volume
    found.ratio_label,  -- against its own year
    found.legacy_label,  -- by the fixed bands of old
    found.ratio_pr,  -- percentile in its own year
    found.ratio_mz60,  -- modified z of the share in 60 sessions
    flow.bull_share,  -- of the sided value, begun by buyers; null without a tape
    flow.sided_frac,  -- of the value, that has a side
    flow.direction,  -- null where too little has a side
    flow.confidence,  -- of the direction, 0 to 0.6
    found.known_at
from found
left join features.off_exchange_flow as flow
    on found.symbol = flow.symbol and found.session_date = flow.session_date
where found.ratio > found.min_ratio or found.ratio_label = 'very_high'
