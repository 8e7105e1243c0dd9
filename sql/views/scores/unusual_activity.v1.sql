-- rule:    E6
-- what:    How unusual all that is seen of a stock is in a session, in one number.
-- grain:   one row per symbol and session, as in features.score_components; unusual_activity and
--          label are null with fewer than three percentiles; direction is null while the index is
--          within five points of its middle
-- status:  live
-- needs:   0s
-- misses:  half sessions; what is rare only together; minutes: it is told once a session
-- noisy:   one stock in twenty is over 95 at any time, by what that means

with params as (
    select
        60 as min_obs,  -- sessions: below it the top is a handful of days; rule book A21
        20 as min_quarters,  -- below it a percentile says nothing, rule book 0.3
        5 as max_changed_sessions,  -- what is told by filings is new for so long; rule book E6
        3 as min_components,  -- rule book E6
        5 as min_index_distance,  -- rule book E6: nearer, the index has no direction
        99 as min_high,  -- rule book E6
        95 as min_elevated,  -- rule book E6
        25 as legacy_points  -- for each time the usual volume: founding rule
),

sessions as (
    select
        today.session_date,
        recent.closes_at as recent_at
    from curated.us_sessions as today
    cross join params
    left join curated.us_sessions as recent
        on today.sequence - params.max_changed_sessions = recent.sequence
),

-- The index as scores.smart_money_index has it, which would read all of this a second time. A
-- quarter stays as it is for weeks; it is unusual only while it is new.
told as (
    select
        families.symbol, families.session_date, families.known_at,
        round(sum(round(50 * families.weight * coalesce(families.s, 0), 9)), 9) as index_points,
        max(
            case
                when
                    families.component = 'inst'
                    and families.component_at > sessions.recent_at
                    and families.n_obs >= params.min_quarters
                    then round((families.n_obs * families.pr + 0.5) / (families.n_obs + 1), 9)
            end
        ) as institutional_pr,
        max(
            case
                when
                    families.component = 'insider'
                    and families.component_at > sessions.recent_at
                    and families.n_obs >= params.min_obs
                    then families.pr
            end
        ) as insider_pr
    from features.score_components as families
    cross join params
    inner join sessions on families.session_date = sessions.session_date
    group by families.symbol, families.session_date, families.known_at
),

ranks as (
    select
        measured.symbol, measured.session_date, measured.component, measured.ratio20,
        measured.is_high,
        case when measured.n_obs >= params.min_obs then measured.pr end as pr
    from features.activity_ranks as measured
    cross join params
),

traded as (
    select
        symbol, session_date,
        max(case when component = 'volume' then pr end) as volume_pr,
        max(case when component = 'off_exchange' then pr end) as off_exchange_pr,
        max(case when component = 'blocks' then pr end) as blocks_pr,
        max(case when component = 'volume' then ratio20 end) as volume_ratio,
        bool_or(is_high) as is_high
    from ranks
    group by symbol, session_date
),

beside as (
    select
        told.symbol, told.session_date, told.known_at, told.index_points,
        traded.volume_pr, traded.off_exchange_pr, traded.blocks_pr, traded.volume_ratio,
        figures.calls_pr, figures.puts_pr, figures.net_pr,
        told.institutional_pr, told.insider_pr,
        coalesce(traded.is_high, false) as is_high
    from told
    left join traded
        on told.symbol = traded.symbol and told.session_date = traded.session_date
    left join features.option_session_unusual as figures
        on told.symbol = figures.underlying and told.session_date = figures.session_date
),

counted as (
    select
        *,
        case when volume_pr is null then 0 else 1 end
        + case when off_exchange_pr is null then 0 else 1 end
        + case when blocks_pr is null then 0 else 1 end
        + case when calls_pr is null then 0 else 1 end
        + case when puts_pr is null then 0 else 1 end
        + case when net_pr is null then 0 else 1 end
        + case when institutional_pr is null then 0 else 1 end
        + case when insider_pr is null then 0 else 1 end as n_components,
        greatest(
            coalesce(volume_pr, 0), coalesce(off_exchange_pr, 0), coalesce(blocks_pr, 0),
            coalesce(calls_pr, 0), coalesce(puts_pr, 0), coalesce(net_pr, 0),
            coalesce(institutional_pr, 0), coalesce(insider_pr, 0)
        ) as max_pr
    from beside
),

scored as (
    select
        counted.*,
        params.min_index_distance, params.min_high, params.min_elevated,
        params.legacy_points,
        case
            when counted.n_components >= params.min_components
                then round(100 * counted.max_pr ** counted.n_components, 9)
        end as unusual_activity
    from counted
    cross join params
)

select
    symbol as entity,  -- the ticker then valid
    symbol,  -- the same
    session_date,
    known_at,  -- five hours after the close
    unusual_activity,  -- 100 times the highest percentile to the power of how many, 0 to 100
    case
        when unusual_activity >= min_high then 'high'
        when unusual_activity >= min_elevated then 'elevated'
        when unusual_activity is not null then 'normal'
    end as label,  -- high from 99 on, elevated from 95 on, normal
    case
        when
            unusual_activity is null or coalesce(abs(index_points) < min_index_distance, true)
            then null
        when index_points > 0 then 'bull'
        else 'bear'
    end as direction,  -- the index's, where it has one
    n_components,  -- percentiles that there are, of eight
    volume_pr,  -- of the volume in its own year, 0 to 1
    off_exchange_pr,  -- of the volume off exchange
    blocks_pr,  -- of the value of prints of a million dollars and more
    calls_pr,  -- of the volume of calls
    puts_pr,  -- of the volume of puts
    net_pr,  -- of the size of the options' net premium
    institutional_pr,  -- of what managers changed, itself among its few quarters; for five sessions
    insider_pr,  -- of what insiders bought or sold; for five sessions after it was told
    case when volume_ratio is not null then round(least(100, legacy_points * volume_ratio), 6) end
        as unusual_activity_legacy,  -- 25 times volume over its usual, 100 at most: founding rule
    volume_ratio,  -- volume over its mean of 20 sessions
    case
        when unusual_activity is null then null
        when volume_pr = max_pr then 'volume'
        when off_exchange_pr = max_pr then 'off_exchange'
        when blocks_pr = max_pr then 'blocks'
        when calls_pr = max_pr then 'calls'
        when puts_pr = max_pr then 'puts'
        when net_pr = max_pr then 'net'
        when institutional_pr = max_pr then 'institutional'
        else 'insider'
    end as top_component,  -- whose percentile is the highest, of equal ones the first here
    case when unusual_activity is not null then round(100 * max_pr, 9) else 0 end
        as part_top,  -- points: the highest percentile
    case when unusual_activity is not null then round(unusual_activity - 100 * max_pr, 9) else 0 end
        as part_chance,  -- points: what is taken off, since the highest of several is high anyway
    is_high  -- a detector of volume, off exchange or of blocks would say high by itself
from scored
