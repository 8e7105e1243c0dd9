-- rule:    E5
-- what:    A stock's price and what is bought and sold of it go far apart in five sessions.
-- grain:   one row per symbol and episode: the first session in which both are strong; an episode
--          ends where they are no longer apart, or five sessions after the last strong one
-- status:  live
-- every:   1h
-- needs:   6 sessions
-- misses:  who is right; stocks without a flow of options or a tape; what one session undoes
-- noisy:   after a report of earnings, which has_earnings tells

with params as (
    select
        0.75 as min_strength,  -- of both: by chance 1.8 % of sessions; rule book E5
        0.85 as medium_strength,  -- by chance 0.34 %; rule book E5
        0.9 as high_strength,  -- by chance 0.04 %; rule book E5
        0.525 as min_open_strength,  -- 0.7 of the lowest, below it all is over; rule book 0.6
        0.6 as flow_confidence,  -- sides are right in two cases of three at best
        0.5 as earnings_confidence  -- of the rest, where a report explains it; a guess
),

-- A session of which one side is unknown neither opens nor ends anything.
known as (
    select
        facts.*,
        sessions.sequence as place,
        sessions.closes_at,
        params.medium_strength, params.high_strength,
        case when facts.label = 'bullish' then 1 when facts.label = 'bearish' then -1 else 0 end
        * case when facts.weaker_strength >= params.min_open_strength then 1 else 0 end as sense,
        facts.is_divergent and facts.weaker_strength >= params.min_strength as is_strong,
        params.flow_confidence
        * case when facts.has_earnings then params.earnings_confidence else 1 end as confidence
    from scores.divergence as facts
    cross join params
    inner join curated.us_sessions as sessions on facts.session_date = sessions.session_date
    where facts.divergence is not null
),

steps as (
    select
        *,
        case when sense = lag(sense) over in_order then 0 else 1 end as is_turn
    from known
    window in_order as (partition by symbol order by place)
),

runs as (
    select
        *,
        sum(is_turn) over in_order as episode
    from steps
    window
        in_order as (
            partition by symbol order by place
            range between unbounded preceding and current row
        )
),

fired as (
    select
        *,
        case  -- 20, 40, 60 and 79 at 0.75, 0.85, 0.90 and 1
            when weaker_strength < medium_strength then 20 + 200 * (weaker_strength - 0.75)
            when weaker_strength < high_strength then 40 + 400 * (weaker_strength - 0.85)
            else 60 + 190 * (weaker_strength - 0.9)
        end as score
    from runs
    window
        memory as (
            partition by symbol, episode order by place
            range between 5 preceding and 1 preceding
        )
    qualify is_strong and coalesce(sum(case when is_strong then 1 else 0 end) over memory, 0) = 0
)

select
    symbol as entity,
    'underlying' as entity_type,
    closes_at as happened_at,
    known_at as fired_at,
    case when sense = 1 then 'bull' else 'bear' end as direction,
    round(cast(score as double), 6) as score,
    round(cast(confidence as double), 6) as confidence,
    cast(null as double) as notional_usd,
    symbol || case when sense = 1 then ': down ' else ': up ' end
    || round(abs(return_5d_pct), 1) || ' % in five sessions while '
    || case flow_basis when 'options' then 'options' else 'prints' end
    || case when sense = 1 then ' are bought' else ' are sold' end || '; divergence '
    || cast(round(divergence) as bigint)
    || case when has_earnings then ', after a report' else '' end as headline,
    to_json(struct_pack(
        session_date := session_date, divergence := divergence, s_flow := s_flow,
        s_price := s_price, weaker_strength := weaker_strength, return_5d_pct := return_5d_pct,
        flow_pct := flow_pct, flow_basis := flow_basis, has_earnings := has_earnings,
        divergence_legacy := divergence_legacy, label_legacy := label_legacy
    )) as evidence,
    concat_ws('|', 'scores.price_against_flow', symbol, label, session_date) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
