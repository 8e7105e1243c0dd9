-- what:    What models said of a session beside what came of it: each label of each horizon a row.
-- grain:   one row per model, entity, measure, session, label and horizon; of events the horizon is
--          null, and it is true where the score became known while an event of its entity lasted
-- status:  live
-- needs:   16 sessions

with scores as (
    select *
    from curated.model_scores
    where withdrawn_at is null and score is not null
),

-- A move counts from the first price that was known after the score.
moves as (
    select *
    from backtest.moves
    where bar = 'session'
),

firsts as (
    select
        scores.model, scores.entity, scores.measure, scores.session_date,
        min(moves.priced_at) as priced_at
    from scores
    inner join moves
        on
            scores.entity = moves.entity
            and scores.known_at <= moves.priced_at
            and scores.known_at + interval 5 days > moves.priced_at
    group by scores.model, scores.entity, scores.measure, scores.session_date
),

labelled as (
    select
        scores.*, moves.horizon, moves.known_at as told_at,
        labels.label,
        case
            when labels.label = 'sigma_2' then moves.is_sigma_2
            when labels.label = 'sigma_3' then moves.is_sigma_3
            when labels.label = 'percentile_95' then moves.is_percentile_95
            when labels.label = 'percentile_99' then moves.is_percentile_99
            when labels.label = 'donoho_rise' then moves.is_donoho_rise
        end as is_true
    from scores
    inner join firsts
        on
            scores.model = firsts.model
            and scores.entity = firsts.entity
            and scores.measure = firsts.measure
            and scores.session_date = firsts.session_date
    inner join moves on firsts.entity = moves.entity and firsts.priced_at = moves.priced_at
    cross join (
        values ('sigma_2'), ('sigma_3'), ('percentile_95'), ('percentile_99'), ('donoho_rise')
    ) as labels (label)
),

versions as (
    select
        *,
        row_number() over (
            partition by event_id order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.events
),

events as (
    select * from versions
    where age = 1 and not is_gone
),

-- Nobody knows what happened before the first event and after the last one.
spans as (
    select
        min(starts_at) as first_at,
        max(ends_at) as last_at
    from events
),

hits as (
    select
        scores.model, scores.entity, scores.measure, scores.session_date, scores.known_at,
        scores.score, scores.percentile,
        max(case when events.event_id is null then 0 else 1 end) = 1 as is_true
    from scores
    inner join spans on scores.known_at >= spans.first_at and scores.known_at <= spans.last_at
    left join events
        on
            scores.entity = events.entity
            and scores.known_at >= events.starts_at
            and scores.known_at <= events.ends_at
    group by
        scores.model, scores.entity, scores.measure, scores.session_date, scores.known_at,
        scores.score, scores.percentile
)

select
    model,  -- its file in models/
    entity,
    measure,  -- anomaly, regime or volatility
    session_date,  -- the session that was scored
    score,
    percentile,  -- among the scores of what its fit learned from
    label,  -- sigma_2, sigma_3, percentile_95, percentile_99, donoho_rise or events
    horizon,  -- after the first price that was known after the score; null of events
    is_true,  -- whether it came to be
    greatest(known_at, told_at) as known_at  -- when that could be said
from labelled
where is_true is not null
union all
select
    model,
    entity,
    measure,
    session_date,
    score,
    percentile,
    'events' as label,
    cast(null as text) as horizon,
    is_true,  -- whether it came to be
    known_at
from hits
