-- rule:    E6
-- what:    What is seen of a stock, taken together, is as unusual as hardly a session in a year.
-- grain:   one row per symbol and episode: the first session that is unusual; an episode ends where
--          it is usual again, or five sessions after the last unusual one
-- status:  live
-- every:   1h
-- needs:   6 sessions
-- misses:  stocks with fewer than three percentiles; half sessions; of what options or filings
--          alone call high the gravity, which their own detectors tell
-- noisy:   one stock in twenty is over the low bound at any time, by what the bound means; on the
--          days on which indices and options turn over

with params as (
    select
        95.0 as min_unusual,  -- rule book E6: by chance one name in twenty
        99.0 as medium_unusual,  -- rule book E6: by chance one in a hundred
        66.5 as min_open_unusual  -- 0.7 of the lowest: below it an episode is over, rule book 0.6
),

-- A session of which too little is known neither opens nor ends anything.
known as (
    select
        facts.*,
        sessions.sequence as place,
        sessions.closes_at,
        params.medium_unusual,
        case when facts.unusual_activity >= params.min_open_unusual then 1 else 0 end as is_open,
        facts.unusual_activity >= params.min_unusual as is_strong
    from scores.unusual_activity as facts
    cross join params
    inner join curated.us_sessions as sessions on facts.session_date = sessions.session_date
    where facts.unusual_activity is not null
),

steps as (
    select
        *,
        case when is_open = lag(is_open) over in_order then 0 else 1 end as is_turn
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
        case  -- 20, 40 and 59 at 95, 99 and 100; 20 more where one of them is high by itself
            when unusual_activity < medium_unusual then 20 + 5 * (unusual_activity - 95)
            else
                40 + 19 * (unusual_activity - medium_unusual)
                + case when is_high then 20 else 0 end
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
    direction,
    -- No history of managers is so long that its top says more than low.
    round(
        cast(
            least(score, case when top_component = 'institutional' then 39 else 100 end) as double
        ), 6
    ) as score,
    round(cast(least(1, 0.4 + 0.1 * n_components) as double), 6) as confidence,
    cast(null as double) as notional_usd,
    symbol || ': unusual ' || round(unusual_activity, 1) || ' by ' || n_components
    || ' measures, most of all ' || replace(top_component, '_', ' ') || ', above '
    || round(part_top, 1) || ' % of its own past' as headline,
    to_json(struct_pack(
        session_date := session_date, unusual_activity := unusual_activity,
        n_components := n_components, top_component := top_component, volume_pr := volume_pr,
        off_exchange_pr := off_exchange_pr, blocks_pr := blocks_pr, calls_pr := calls_pr,
        puts_pr := puts_pr, net_pr := net_pr, institutional_pr := institutional_pr,
        insider_pr := insider_pr, is_high := is_high, volume_ratio := volume_ratio,
        unusual_activity_legacy := unusual_activity_legacy
    )) as evidence,
    concat_ws('|', 'scores.unusual', symbol, session_date) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
