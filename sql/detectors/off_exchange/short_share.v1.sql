-- rule:    C5
-- what:    A stock's short-sale share of off-exchange volume is at the top of its own year, and its
--          price has hardly moved.
-- grain:   one row per symbol and session; the first version that is unusual counts
-- status:  live
-- every:   1m
-- needs:   16 sessions, 5 sessions of features.off_exchange_flow
-- misses:  buying that was filled on exchanges; a stock without the closes of the session and of
--          the fifth before it; a row more than 10 sessions late
-- noisy:   in thin names, and where a market maker's hedge is most of the volume

with params as (
    select
        0.99 as min_mean5_pr,  -- the rule book's alert
        100_000 as min_total_volume,  -- shares; below it one trade is the day; a guess
        60 as full_baseline,  -- below it the top percentile is only the maximum of a few weeks
        0.02 as max_abs_return,  -- rule book C5; over the sessions of the mean
        5 as n_mean,  -- sessions of the mean
        interval 10 days as max_bar_delay,  -- of a close after its session
        3 as n_leaning  -- sessions whose prints leaned to buyers make it medium, rule book C5
),

-- The first that was told of each close.
closes as (
    select
        bars.symbol, bars.session_date, sessions.sequence, bars.known_at, bars.close_full,
        bars.close_split
    from curated.equity_bars as bars
    cross join params
    inner join curated.us_sessions as sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1d'
        and bars.known_at >= sessions.opens_at
        and bars.known_at <= sessions.closes_at + params.max_bar_delay
    qualify row_number() over (
        partition by bars.symbol, bars.session_date order by bars.known_at
    ) = 1
),

returns as (
    select
        ended.symbol, ended.session_date,
        greatest(ended.known_at, begun.known_at) as known_at,
        round(
            coalesce(
                ended.close_full / nullif(begun.close_full, 0),
                ended.close_split / nullif(begun.close_split, 0)
            ) - 1, 6
        ) as return5
    from closes as ended
    cross join params
    inner join closes as begun
        on ended.symbol = begun.symbol and ended.sequence = begun.sequence + params.n_mean
),

high as (
    select
        facts.*,
        params.full_baseline,
        params.min_total_volume,
        returns.return5,
        greatest(facts.known_at, facts.closes_at, returns.known_at) as fired_at,
        20 + 19 * (facts.mean5_pr - params.min_mean5_pr)
        / nullif(1 - params.min_mean5_pr, 0) as pr_score
    from features.short_share as facts
    cross join params
    inner join returns
        on facts.symbol = returns.symbol and facts.session_date = returns.session_date
    where
        facts.mean5_pr >= params.min_mean5_pr and facts.short_share is not null
        and abs(returns.return5) < params.max_abs_return
),

-- The newest sessions of which the prints had been told: the session's own are told later than
-- FINRA's file, as a rule.
flows as (
    select
        high.source_symbol, high.session_date, high.known_at, flow.direction, params.n_leaning
    from high
    cross join params
    inner join curated.us_sessions as sessions on high.session_date = sessions.session_date
    inner join curated.us_sessions as earlier
        on
            sessions.sequence - params.n_leaning <= earlier.sequence
            and sessions.sequence >= earlier.sequence
    inner join features.off_exchange_flow as flow
        on
            high.symbol = flow.symbol
            and earlier.session_date = flow.session_date
            and high.fired_at > flow.known_at
    qualify row_number() over (
        partition by high.source_symbol, high.session_date, high.known_at
        order by flow.session_date desc
    ) <= params.n_leaning
),

leaning as (
    select source_symbol, session_date, known_at
    from flows
    where direction = 'bull'
    group by source_symbol, session_date, known_at
    having count(*) = max(n_leaning)
),

unusual as (
    select
        high.*,
        leaning.known_at is not null as is_leaning,
        row_number() over (
            partition by high.source_symbol, high.session_date order by high.known_at
        ) as nth
    from high
    left join leaning
        on
            high.source_symbol = leaning.source_symbol
            and high.session_date = leaning.session_date
            and high.known_at = leaning.known_at
    where coalesce(high.fired_at < high.withdrawn_at, true)
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
            case
                when total_volume < min_total_volume then least(pr_score, 19)
                when is_leaning then 20 + pr_score
                else pr_score
            end as double
        ), 6
    ) as score,
    cast(case when n_obs >= full_baseline then 0.6 else 0.4 end as double) as confidence,
    cast(null as double) as notional_usd,
    symbol || ': ' || cast(round(100 * mean5) as bigint)
    || ' % of off-exchange volume was sold short over five sessions, above '
    || cast(floor(100 * mean5_pr) as bigint) || ' % of its own last ' || n_obs || ' sessions'
    || case when is_leaning then '; its prints leaned to buyers too' else '' end as headline,
    to_json(struct_pack(
        source_symbol := source_symbol, session_date := session_date,
        short_share := short_share, mean5 := mean5, mean5_pr := mean5_pr, n_days := n_days,
        n_obs := n_obs, short_history := n_obs < full_baseline,
        short_volume := cast(short_volume as double),
        total_volume := cast(total_volume as double), return5 := return5,
        prints_lean := is_leaning
    )) as evidence,
    concat_ws('|', 'off_exchange.short_share', symbol, source_symbol, session_date) as alert_key
from unusual
where nth = 1 and fired_at < (select clock.until from ops.clock as clock)
