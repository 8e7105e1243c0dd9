-- rule:    F3
-- what:    Whether a stock, or the market, is calm or stressed by its volatility's place in its own
--          year.
-- grain:   one row per entity and session of features.regime_inputs; unassigned below 60 sessions
--          of history
-- status:  live
-- needs:   290 sessions

with params as (
    select
        252 as rank_sessions,  -- a year, rule book 0.4
        60 as min_obs,  -- below it a percentile decides nothing, rule book 0.4
        0.5 as min_normal_frac,  -- rule book F3
        0.85 as min_stressed_frac,  -- rule book F3
        interval 45 days as reach  -- a regime stands for 30 sessions without being confirmed anew
),

told as (
    select
        inputs.entity, inputs.session_date, inputs.place, inputs.known_at, inputs.basis,
        inputs.rv20,
        inputs.place // params.rank_sessions as stretch
    from features.regime_inputs as inputs
    cross join params
),

-- Beside its own stretch of a year and beside the next, so that a join need not look at them all.
past as (
    select entity, basis, place, stretch, rv20
    from told
    where rv20 is not null
    union all
    select
        entity, basis, place,
        stretch + 1 as stretch,
        rv20
    from told
    where rv20 is not null
),

asked as (
    select told.*
    from told
    cross join params
    where told.known_at >= (select clock.since from ops.clock as clock) - params.reach
),

ranks as (
    select
        asked.entity, asked.place,
        count(*) as n_obs,
        sum(case when past.rv20 < asked.rv20 then 1 else 0 end)
        + sum(case when past.rv20 <= asked.rv20 then 1 else 0 end) as twice_rank
    from asked
    cross join params
    inner join past
        on
            asked.entity = past.entity
            and asked.basis = past.basis
            and asked.stretch = past.stretch
            and asked.place > past.place
            and asked.place - params.rank_sessions <= past.place
    where asked.rv20 is not null
    group by asked.entity, asked.place
),

ranked as (
    select
        asked.entity, asked.session_date, asked.place, asked.known_at, asked.rv20,
        coalesce(ranks.n_obs, 0) as n_obs,
        case
            when ranks.n_obs >= params.min_obs
                then round(cast(ranks.twice_rank as double) / (2 * ranks.n_obs), 9)
        end as rv_pr
    from asked
    cross join params
    left join ranks on asked.entity = ranks.entity and asked.place = ranks.place
),

cut as (
    select
        ranked.*,
        case
            when ranked.rv_pr < params.min_normal_frac then 0
            when ranked.rv_pr < params.min_stressed_frac then 1
            when ranked.rv_pr is not null then 2
        end as cut_id
    from ranked
    cross join params
),

-- One day of another regime changes nothing; the second confirms it.
paired as (
    select
        *,
        case when cut_id = lag(cut_id) over in_order then cut_id end as confirmed_id
    from cut
    window in_order as (partition by entity order by place)
),

held as (
    select
        *,
        last_value(confirmed_id ignore nulls) over (
            partition by entity order by place
            range between 29 preceding and current row
        ) as held_id
    from paired
)

select
    entity,  -- a symbol, or market
    session_date,
    place,  -- the session's number in curated.us_sessions
    known_at,  -- five hours after the close
    rv20,  -- realised volatility of 20 sessions, of a year
    n_obs,  -- sessions of history in the year
    rv_pr,  -- mid-rank percentile of rv20 in its own year, itself left out, 0 to 1
    cut_id,  -- what the percentile alone says: 0 calm, 1 normal, 2 stressed
    case when cut_id is not null then coalesce(held_id, cut_id) else -1 end
        as regime_id,  -- the newest that two sessions in a row said; -1 where none can be said
    case
        when rv20 is null then 'too few returns among 20 sessions'
        when rv_pr is null then 'history of under 60 sessions'
    end as reason  -- why it is unassigned; else null
from held
