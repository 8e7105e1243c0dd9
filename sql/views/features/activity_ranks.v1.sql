-- rule:    E6
-- what:    How rare a stock's volume, its off-exchange volume and its large prints are in its year.
-- grain:   one row per symbol, session and component, of several bases the one with the longest
--          history; a session without trades is a zero from the symbol's first one on, one of which
--          the store holds nothing is none; pr is null below 20 sessions of history
-- status:  live
-- needs:   253 sessions

with params as (
    select
        252 as rank_sessions,  -- a year, rule book 0.4
        60 as median_sessions,  -- rule book 0.3
        20 as mean_sessions,  -- rule book C8
        20 as min_obs,  -- below it a percentile or a z says nothing
        10 as min_mean_obs,  -- a plain mean needs 10, rule book 0.3
        5 as min_high_mz60,  -- high by itself, rule book 0.5
        60 as min_high_obs,  -- a shorter history is low at most, rule book 0.3
        5_000_000 as min_high_usd,  -- rule book C8
        10_000_000 as min_block_usd,  -- a block, rule book C6
        0.01 as min_block_frac,  -- of a day's volume, high; rule book C6
        interval 11 days as reach  -- as in features.score_components
),

measures as (
    select
        measures.*,
        measures.place // params.rank_sessions as stretch
    from features.activity_measures as measures
    cross join params
),

asked as (
    select measures.*
    from measures
    cross join params
    where
        measures.known_at >= (select clock.since from ops.clock as clock) - params.reach
),

-- Bars tell of all that traded, so who has none in a session that others have did not trade.
spans as (
    select
        symbol,
        min(place) as first_place,
        max(place) as last_place
    from measures
    where component = 'volume'
    group by symbol
),

loaded as (
    select place from measures
    where component = 'volume'
    group by place
),

dense as (
    select
        symbol, component, basis, place, stretch, amount, volume, split_ratio
    from measures
    union all
    select
        spans.symbol,
        'volume' as component,
        'bar' as basis,
        loaded.place,
        loaded.place // params.rank_sessions as stretch,
        0 as amount,
        0 as volume,
        1 as split_ratio
    from spans
    cross join params
    inner join loaded on loaded.place between spans.first_place and spans.last_place
    left join measures as told
        on
            spans.symbol = told.symbol
            and loaded.place = told.place
            and told.component = 'volume'
    where told.place is null
),

-- Beside its own stretch of a year and beside the next, so that a join need not look at them all.
near as (
    select * from dense
    union all
    select * replace (stretch + 1 as stretch) from dense
),

past as (
    select
        asked.symbol, asked.component, asked.basis, asked.place,
        asked.place - near.place as n_back,
        asked.amount,
        round(
            near.amount * case
                when asked.component = 'blocks' then 1 else near.split_ratio / asked.split_ratio
            end, 6
        ) as past_amount,
        near.volume * near.split_ratio / asked.split_ratio as past_volume
    from asked
    cross join params
    inner join near
        on
            asked.symbol = near.symbol
            and asked.component = near.component
            and asked.basis = near.basis
            and asked.stretch = near.stretch
            and asked.place > near.place
            and asked.place - params.rank_sessions <= near.place
),

middles as (
    select
        past.symbol, past.component, past.basis, past.place,
        count(*) as n_obs,
        sum(case when past.past_amount < past.amount then 1 else 0 end)
        + sum(case when past.past_amount <= past.amount then 1 else 0 end) as twice_rank,
        count(case when past.n_back <= params.median_sessions then 1 end) as n_median,
        median(case when past.n_back <= params.median_sessions then ln(1 + past.past_amount) end)
            as median_y,
        max(case when past.n_back <= params.median_sessions then past.past_amount end) as max60,
        count(case when past.n_back <= params.mean_sessions then 1 end) as n_mean,
        cast(
            sum(
                case
                    when past.n_back <= params.mean_sessions
                        then cast(past.past_amount as decimal(28, 2))
                end
            ) as double
        ) as sum_amount,
        cast(
            sum(
                case
                    when past.n_back <= params.mean_sessions
                        then cast(past.past_volume as decimal(28, 2))
                end
            ) as double
        ) as sum_volume
    from past
    cross join params
    group by past.symbol, past.component, past.basis, past.place
),

spreads as (
    select
        past.symbol, past.component, past.basis, past.place,
        median(abs(ln(1 + past.past_amount) - middles.median_y)) as mad_y
    from past
    cross join params
    inner join middles
        on
            past.symbol = middles.symbol
            and past.component = middles.component
            and past.basis = middles.basis
            and past.place = middles.place
    where past.n_back <= params.median_sessions
    group by past.symbol, past.component, past.basis, past.place
),

measured as (
    select
        asked.*,
        coalesce(middles.n_obs, 0) as n_obs,
        case
            when middles.n_obs >= params.min_obs
                then round(cast(middles.twice_rank as double) / (2 * middles.n_obs), 9)
        end as pr,
        case
            when middles.n_mean >= params.min_mean_obs
                then round(asked.amount * middles.n_mean / nullif(middles.sum_amount, 0), 9)
        end as ratio20,
        case
            when middles.n_median >= params.min_obs
                then
                    round(
                        0.6745 * (ln(1 + asked.amount) - middles.median_y)
                        / nullif(round(spreads.mad_y, 9), 0), 9
                    )
        end as mz60,
        case
            when middles.n_mean >= params.min_mean_obs
                then asked.top_size * middles.n_mean / nullif(middles.sum_volume, 0)
        end as top_frac,
        middles.max60,
        row_number() over (
            partition by asked.symbol, asked.component, asked.place
            order by middles.n_obs desc nulls last, asked.basis asc
        ) as nth
    from asked
    cross join params
    left join middles
        on
            asked.symbol = middles.symbol
            and asked.component = middles.component
            and asked.basis = middles.basis
            and asked.place = middles.place
    left join spreads
        on
            asked.symbol = spreads.symbol
            and asked.component = spreads.component
            and asked.basis = spreads.basis
            and asked.place = spreads.place
)

select
    measured.symbol,
    measured.session_date,
    measured.known_at,  -- five hours after the close
    measured.component,  -- volume, off_exchange or blocks
    measured.basis,  -- who tells it: a bar, prints of the tape, or FINRA's totals
    measured.amount,  -- shares; of blocks the USD of prints of a million and more
    measured.value_usd,
    measured.n_obs,  -- sessions of history in the year
    measured.pr,  -- mid-rank percentile in its own year, 0 to 1
    measured.ratio20,  -- over the mean of 20 sessions; null below 10
    measured.mz60,  -- modified z of ln(1 + amount) in 60 sessions
    coalesce(
        case
            when measured.component = 'blocks'
                then
                    measured.top_usd >= params.min_block_usd
                    and measured.top_frac >= params.min_block_frac
            else
                measured.mz60 >= params.min_high_mz60
                and measured.n_obs >= params.min_high_obs
                and measured.amount > measured.max60
                and measured.value_usd >= params.min_high_usd
        end, false
    ) as is_high  -- its own detector would say high
from measured
cross join params
where measured.nth = 1
