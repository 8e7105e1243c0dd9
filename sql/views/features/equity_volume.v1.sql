-- what:    A stock's volume up to a mark beside the same mark of the 60 sessions before.
-- grain:   one row per symbol, whole session and mark with volume; a session without trades is a
--          zero from the symbol's first one on, one of which the store holds nothing is none
-- status:  live
-- needs:   71 sessions

with params as (
    select
        5 as trend_sessions,  -- rule book C8
        20 as mean_sessions,  -- rule book C8
        60 as median_sessions,  -- rule book 0.3
        66 as reach_sessions,  -- in which these lie, where the store lacks one here and there
        10 as min_mean_obs,  -- a plain mean needs 10, rule book 0.3
        20 as min_obs  -- below it a z says nothing
),

-- What nobody asks for any more is only what others are held against.
asked as (
    select marks.*
    from features.volume_marks as marks
    cross join ops.clock as clock
    where marks.volume > 0 and marks.known_at >= clock.since - interval 8 days
),

volumes as (
    select * from features.volume_marks
),

loaded as (
    select place, mark
    from volumes
    group by place, mark
),

begun as (
    select
        asked.symbol, asked.mark, asked.place, asked.known_at, asked.ratio,
        min(past.place) as first_place
    from asked
    cross join params
    inner join volumes as past
        on
            asked.symbol = past.symbol
            and asked.mark = past.mark
            and asked.place > past.place
            and asked.place - params.reach_sessions <= past.place
            and asked.known_at > past.known_at
    group by asked.symbol, asked.mark, asked.place, asked.known_at, asked.ratio
),

-- A session without trades is one too; all are in shares of the session that is held against them.
history as (
    select
        begun.symbol, begun.mark, begun.place,
        coalesce(past.volume * past.ratio / begun.ratio, 0) as volume,
        row_number() over newest_first as n_back
    from begun
    cross join params
    inner join loaded
        on
            begun.mark = loaded.mark
            and begun.first_place <= loaded.place
            and begun.place > loaded.place
    left join volumes as past
        on
            begun.symbol = past.symbol
            and begun.mark = past.mark
            and loaded.place = past.place
            and begun.known_at > past.known_at
    window
        newest_first as (
            partition by begun.symbol, begun.mark, begun.place order by loaded.place desc
        )
    qualify row_number() over newest_first <= params.median_sessions
),

middles as (
    select
        history.symbol, history.mark, history.place,
        count(*) as n_obs,
        median(ln(1 + history.volume)) as median_y,
        median(history.volume) as median_volume,
        max(history.volume) as max_volume,
        count(case when history.n_back <= params.mean_sessions then 1 end) as n_mean,
        avg(case when history.n_back <= params.mean_sessions then history.volume end)
            as mean_volume,
        avg(case when history.n_back <= params.trend_sessions then history.volume end)
            as trend_volume
    from history
    cross join params
    group by history.symbol, history.mark, history.place
),

spreads as (
    select
        history.symbol, history.mark, history.place,
        median(abs(ln(1 + history.volume) - middles.median_y)) as mad_y
    from history
    inner join middles
        on
            history.symbol = middles.symbol
            and history.mark = middles.mark
            and history.place = middles.place
    group by history.symbol, history.mark, history.place
)

select
    asked.session_date,
    asked.mark,  -- half hours since the open, 1 to 12; 13 is the session's own bar
    asked.known_at,
    asked.symbol,
    asked.volume,  -- shares from the open to the mark
    asked.value_usd,
    coalesce(middles.n_obs, 0) as n_obs,  -- sessions of history, 60 at most
    round(case when middles.n_mean >= params.min_mean_obs then middles.mean_volume end, 6)
        as mean20,  -- shares by the same mark, mean of 20 sessions; null below 10
    round(
        case
            when middles.n_mean >= params.min_mean_obs
                then asked.volume / nullif(middles.mean_volume, 0)
        end, 9
    ) as ratio20,  -- volume over mean20
    round(
        case
            when middles.n_mean >= params.min_mean_obs
                then middles.trend_volume / nullif(middles.mean_volume, 0)
        end, 9
    ) as trend,  -- the mean of the five sessions before over mean20
    round(case when middles.n_obs >= params.min_obs then middles.median_volume end, 6)
        as median60,  -- shares by the same mark, median of 60 sessions; null below 20
    round(case when middles.n_obs >= params.min_obs then middles.max_volume end, 6)
        as max60,  -- shares by the same mark, most of 60 sessions; null below 20
    round(
        case
            when middles.n_obs >= params.min_obs
                then
                    0.6745 * (ln(1 + asked.volume) - middles.median_y)
                    / nullif(round(spreads.mad_y, 9), 0)
        end, 9
    ) as mz60  -- modified z of ln(1 + volume) in 60 sessions; null where half of them are equal
from asked
cross join params
left join middles
    on
        asked.symbol = middles.symbol
        and asked.mark = middles.mark
        and asked.place = middles.place
left join spreads
    on
        asked.symbol = spreads.symbol
        and asked.mark = spreads.mark
        and asked.place = spreads.place
