-- rule:    A19
-- what:    Donoho's expert score of a stock's calls is among the highest of all stocks in a month.
-- grain:   one row per underlying and session
-- status:  live
-- every:   30m
-- needs:   21 sessions
-- misses:  stocks without a daily bar half an hour after the close, which half of the score is not
--          made of but all of it needs; half sessions; what is significant in the news but for its
--          count
-- noisy:   without news counts, since a report or a bid is then no reason for silence; when a
--          dividend makes holders trade calls; in an index, whose calls are a hedge

with params as (
    select
        2 as min_ratio20,  -- Donoho's gate: calls at twice their mean
        0.99 as min_pr,  -- rule book A19
        0.998 as medium_pr,  -- rule book A19: five names a day of 2,500
        100 as min_pool,  -- below it the top percentile is one name
        20 as pool_sessions,  -- rule book A19
        false as is_suppressed_before_earnings  -- many want the week before a report silent
),

scored as (
    select * from features.donoho_points
    where score is not null
),

candidates as (
    select
        scored.*,
        params.pool_sessions, params.min_pr, params.medium_pr,
        params.is_suppressed_before_earnings,
        scored.near_call_volume / scored.near_call_mean20 as ratio20
    from scored
    cross join params
    cross join ops.clock as clock
    where
        scored.score > 0
        and scored.near_call_volume >= params.min_ratio20 * scored.near_call_mean20
        and scored.known_at < clock.until
        and scored.known_at >= clock.since
),

pools as (
    select
        scored.place, scored.score,
        count(*) as n
    from scored
    group by scored.place, scored.score
),

wanted as (
    select
        place, score, pool_sessions
    from candidates
    group by place, score, pool_sessions
),

-- Of all stocks in the 20 sessions before, the share that scored less; ties count half.
ranks as (
    select
        wanted.place, wanted.score,
        sum(pools.n) as n_pool,
        (
            sum(case when pools.score < wanted.score then pools.n else 0 end)
            + sum(case when pools.score <= wanted.score then pools.n else 0 end)
        ) / (2.0 * sum(pools.n)) as pr
    from wanted
    inner join pools
        on pools.place between wanted.place - wanted.pool_sessions and wanted.place - 1
    group by wanted.place, wanted.score
),

known as (
    select
        candidates.*,
        ranks.n_pool,
        round(cast(ranks.pr as double), 9) as pr,
        context.days_to_earnings,
        nullif(
            concat_ws(
                ' ',
                context.tags,
                case when expiries.session_date is not null then 'expiry_day' end
            ), ''
        ) as tags,
        case  -- 20, 40 and 59 at the 99th and the 99.8th percentile and above all
            when ranks.pr < candidates.medium_pr
                then
                    20 + 20 * (ranks.pr - candidates.min_pr)
                    / (candidates.medium_pr - candidates.min_pr)
            else 40 + 19 * (ranks.pr - candidates.medium_pr) / (1 - candidates.medium_pr)
        end as alert_score
    from candidates
    cross join params
    cross join ops.clock as clock
    inner join ranks on candidates.place = ranks.place and candidates.score = ranks.score
    left join features.option_event_context as context
        on
            candidates.underlying = context.underlying
            and candidates.session_date = context.session_date
    left join features.option_expiry_days as expiries
        on candidates.session_date = expiries.session_date
    where
        ranks.pr >= params.min_pr
        and ranks.n_pool >= params.min_pool
        and not (
            candidates.is_suppressed_before_earnings and coalesce(context.is_capped, false)
        )
        -- New York closes at 20:00 or 21:00 UTC: but for half an hour later nothing is read.
        and (
            (epoch_us(clock.until) - 73_800_000_001) // 86_400_000_000
            > (epoch_us(clock.since) - 73_800_000_001) // 86_400_000_000
            or (epoch_us(clock.until) - 77_400_000_001) // 86_400_000_000
            > (epoch_us(clock.since) - 77_400_000_001) // 86_400_000_000
        )
)

select
    underlying as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    'bull' as direction,
    round(cast(alert_score as double), 6) as score,
    cast(case when has_news_counts then 0.6 else 0.4 end as double) as confidence,
    cast(near_call_premium_usd as double) as notional_usd,
    underlying || ': expert score ' || score || ' of 95 over five sessions, ' || near_call_volume
    || ' near calls today, ' || round(ratio20, 1) || ' times their mean'
    || case when has_news_counts then '' else ', without news counts' end as headline,
    to_json(struct_pack(
        session_date := session_date, score := score, points := points, n_days := n_days,
        pr := pr, n_pool := n_pool, near_call_volume := near_call_volume,
        near_call_mean20 := near_call_mean20, ratio20 := round(ratio20, 6),
        near_call_z20 := near_call_z20, top_series_pct := top_series_pct,
        c_vs_high_put := c_vs_high_put, return2_pct := return2_pct,
        call_put_ratio := call_put_ratio, volume_points := volume_points, z_points := z_points,
        series_points := series_points, high_put_points := high_put_points,
        return_points := return_points, ratio_points := ratio_points,
        n_articles := n_articles, n_articles_30d := n_articles_30d,
        quality := case when has_news_counts then null else 'without news counts' end,
        days_to_earnings := days_to_earnings, tags := tags
    )) as evidence,
    concat_ws('|', 'options.donoho_expert', underlying, session_date) as alert_key
from known
where known_at < (select clock.until from ops.clock as clock)
