-- rule:    C5
-- what:    A stock's short-sale share of off-exchange volume is at the top of its own year.
-- grain:   one row per symbol and session; the first version that is unusual counts
-- status:  live
-- every:   1m
-- needs:   10 sessions
-- misses:  buying that was filled on exchanges; whether the price rose, since there is no price
--          condition until closing prices are loaded; a row more than 10 sessions late
-- noisy:   in thin names, and where a market maker's hedge is most of the volume

with params as (
    select
        0.99 as min_mean5_pr,  -- the rule book's alert
        100_000 as min_total_volume,  -- shares; below it one trade is the day; a guess
        60 as full_baseline  -- below it the top percentile is only the maximum of a few weeks
),

high as (
    select
        facts.*,
        params.full_baseline,
        params.min_total_volume,
        greatest(facts.known_at, facts.closes_at) as fired_at,
        20 + 19 * (facts.mean5_pr - params.min_mean5_pr)
        / nullif(1 - params.min_mean5_pr, 0) as pr_score
    from features.short_share as facts
    cross join params
    where facts.mean5_pr >= params.min_mean5_pr and facts.short_share is not null
),

unusual as (
    select
        *,
        row_number() over (partition by source_symbol, session_date order by known_at) as nth
    from high
    where coalesce(fired_at < withdrawn_at, true)
)

select
    symbol as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    fired_at,
    -- Market makers sell short to fill buyers.
    'bull' as direction,
    round(
        cast(
            case when total_volume < min_total_volume then least(pr_score, 19) else pr_score end
            as double
        ), 6
    ) as score,
    cast(case when n_obs >= full_baseline then 0.6 else 0.4 end as double) as confidence,
    cast(null as double) as notional_usd,
    symbol || ': ' || cast(round(100 * mean5) as bigint)
    || ' % of off-exchange volume was sold short over five sessions, above '
    || cast(floor(100 * mean5_pr) as bigint) || ' % of its own last ' || n_obs || ' sessions'
        as headline,
    to_json(struct_pack(
        source_symbol := source_symbol, session_date := session_date,
        short_share := short_share, mean5 := mean5, mean5_pr := mean5_pr, n_days := n_days,
        n_obs := n_obs, short_history := n_obs < full_baseline,
        short_volume := cast(short_volume as double),
        total_volume := cast(total_volume as double)
    )) as evidence,
    concat_ws('|', 'off_exchange.short_share', symbol, source_symbol, session_date) as alert_key
from unusual
where nth = 1 and fired_at < (select clock.until from ops.clock as clock)
