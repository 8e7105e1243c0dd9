-- what:    Where each stock stands: its newest scores, off exchange, managers, and who watches it.
-- grain:   one row per symbol with a score in the span, of its newest session; what a stock does
--          not have is null
-- status:  live
-- needs:   1d

with params as (
    select 5 as alert_days  -- a week of sessions
),

indices as (
    select * from scores.smart_money_index
    qualify row_number() over (partition by symbol order by session_date desc) = 1
),

offex as (
    select * from reports.dark_pool_daily
    qualify row_number() over (partition by symbol order by session_date desc) = 1
),

managers as (
    select * from reports.institutional_quarters
    where ticker is not null
    qualify
        row_number() over (
            partition by ticker order by period_end desc, value_usd desc nulls last, cusip asc
        ) = 1
),

watched as (
    select
        symbol,
        count(*) as n_lists
    from curated.watchlists
    where withdrawn_at is null and is_active
    group by symbol
),

heard as (
    select
        alerts.entity as symbol,
        count(*) as n_alerts
    from curated.alerts as alerts
    cross join params
    cross join ops.clock as clock
    where
        alerts.withdrawn_at is null
        and alerts.fired_at >= clock.until - params.alert_days * interval 1 day
    group by alerts.entity
)

select
    indices.symbol,
    indices.smart_money_index,  -- 0 to 100
    indices.label as index_label,  -- strong_buying, ...; null where little is there
    slow.accumulation,  -- -100 to 100
    slow.label as accumulation_label,  -- strong_accumulation ... strong_distribution
    offex.offex_ratio as off_exchange_frac,  -- of the volume, 0 to 1
    offex.ratio_label as off_exchange_label,  -- against its own year
    managers.inst_own_pct as institutional_pct,  -- of the shares, by the newest quarter's reports
    managers.net_change_pct as managers_change_pct,  -- of the shares they held a quarter before
    trust.confidence,  -- 0 to 100
    trust.tier as confidence_tier,  -- high, medium or low
    apart.divergence,  -- of flow and price, 0 to 100
    apart.label as divergence_label,  -- bullish, bearish; null where they do not differ
    coalesce(heard.n_alerts, 0) as n_alerts,  -- of five days
    coalesce(watched.n_lists, 0) > 0 as is_watched,  -- on an active line of a watch list
    indices.session_date,
    indices.known_at,  -- five hours after the close
    managers.period_end,  -- of the newest quarter
    offex.session_date as off_exchange_date  -- of that share
from indices
left join scores.accumulation as slow
    on indices.symbol = slow.symbol and indices.session_date = slow.session_date
left join scores.confidence as trust
    on indices.symbol = trust.symbol and indices.session_date = trust.session_date
left join scores.divergence as apart
    on indices.symbol = apart.symbol and indices.session_date = apart.session_date
left join offex on indices.symbol = offex.symbol
left join managers on indices.symbol = managers.ticker
left join watched on indices.symbol = watched.symbol
left join heard on indices.symbol = heard.symbol
