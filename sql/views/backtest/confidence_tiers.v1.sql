-- rule:    E4
-- what:    Whether scores were right more often where their confidence was higher.
-- grain:   one row per score, horizon and tier of which anything is over
-- status:  live
-- needs:   0s
-- misses:  scores that name no direction: without a label, or neutral; stocks without a price
-- noisy:   there are eight pairs of score and horizon: name the one that counts before you look

with params as (
    select
        20 as min_sessions,  -- of each tier, below which an interval says nothing; a guess
        1.96 as z  -- of a normal distribution: 95 % lie within
),

leaning as (
    select
        'smart_money_index' as score,
        symbol, session_date, known_at,
        sign(smart_money_index - 50) as way
    from scores.smart_money_index
    where label is not null and not is_near_neutral
    union all
    select
        'accumulation' as score,
        symbol, session_date, known_at,
        sign(accumulation) as way
    from scores.accumulation
    where label <> 'neutral'
),

-- A score is told after the close: at the end of the next session one can have bought.
tiered as (
    select
        leaning.score, leaning.symbol, leaning.way,
        trust.tier, trust.confidence,
        sessions.sequence + 1 as entry_place
    from leaning
    inner join scores.confidence as trust
        on leaning.symbol = trust.symbol and leaning.session_date = trust.session_date
    inner join curated.us_sessions as sessions on leaning.session_date = sessions.session_date
    where leaning.known_at >= (select clock.since from ops.clock as clock)
),

-- One entry in as many sessions as a horizon has, so that no two of a stock overlap.
moves as (
    select
        entity, place, horizon, n_bars, known_at,
        market_return_frac is null as is_whole_move,
        coalesce(excess_frac, return_frac) as move_frac
    from backtest.moves
    where bar = 'session' and place % n_bars = 0
),

followed as (
    select
        tiered.score, tiered.tier, tiered.confidence, tiered.entry_place,
        moves.horizon, moves.n_bars, moves.known_at, moves.is_whole_move,
        tiered.way * moves.move_frac as signed_frac
    from tiered
    inner join moves on tiered.symbol = moves.entity and tiered.entry_place = moves.place
),

-- Stocks of one session go together: a session counts as one story.
sessions as (
    select
        score, horizon, n_bars, tier, entry_place,
        count(*) as n_rows,
        sum(case when signed_frac > 0 then 1 else 0 end) as n_right,
        sum(case when is_whole_move then 1 else 0 end) as n_whole_moves,
        sum(cast(round(signed_frac, 9) as decimal(28, 9))) as signed_frac,
        sum(cast(round(confidence, 9) as decimal(28, 9))) as confidence,
        max(known_at) as known_at
    from followed
    group by score, horizon, n_bars, tier, entry_place
),

shared as (
    select
        *,
        cast(sum(n_right) over of_tier as double) / sum(n_rows) over of_tier as right_frac
    from sessions
    window of_tier as (partition by score, horizon, tier)
),

-- The variance of a share of clusters; each term is rounded, so that the order does not matter.
tiers as (
    select
        score, horizon, n_bars, tier, right_frac,
        count(*) as n_sessions,
        sum(n_rows) as n_rows,
        sum(n_right) as n_right,
        sum(n_whole_moves) as n_whole_moves,
        cast(sum(signed_frac) as double) / sum(n_rows) as mean_signed_frac,
        cast(sum(confidence) as double) / sum(n_rows) as mean_confidence,
        cast(
            sum(cast(round(power(n_right - right_frac * n_rows, 2), 9) as decimal(28, 9))) as double
        ) * count(*) / nullif(count(*) - 1, 0) / power(sum(n_rows), 2) as variance,
        max(known_at) as known_at
    from shared
    group by score, horizon, n_bars, tier, right_frac
),

laid as (
    select
        score, horizon,
        min(case when tier = 'low' then right_frac end) as low_frac,
        min(case when tier = 'medium' then right_frac end) as medium_frac,
        min(case when tier = 'high' then right_frac end) as high_frac,
        count(*) as n_tiers,
        min(n_sessions) as n_least,
        sum(case when tier in ('low', 'high') then variance end) as variance
    from tiers
    group by score, horizon
),

judged as (
    select
        laid.*,
        case
            when laid.n_tiers < 3 then 'a tier has nothing that is over'
            when laid.n_least < params.min_sessions then 'a tier has too few sessions'
            when laid.low_frac >= laid.medium_frac or laid.medium_frac >= laid.high_frac
                then 'the share does not rise from tier to tier'
            when laid.high_frac - laid.low_frac <= params.z * sqrt(laid.variance)
                then 'from low to high it rises no more than by chance'
        end as reason
    from laid
    cross join params
)

select
    tiers.score,  -- smart_money_index or accumulation
    tiers.horizon,  -- 1, 2, 5 or 10 sessions from the end of the session after the score's
    tiers.tier,  -- low, medium or high, as scores.confidence had it
    tiers.n_rows,  -- stocks and sessions; no two of a stock overlap
    tiers.n_sessions,  -- sessions of which they are
    tiers.n_right,  -- moved the way the score leaned
    round(tiers.right_frac, 9) as right_frac,  -- n_right of n_rows
    case
        when tiers.n_sessions >= params.min_sessions
            then round(greatest(0, tiers.right_frac - params.z * sqrt(tiers.variance)), 9)
    end as right_low,  -- 95 %, by how the sessions differ; null where they are few
    case
        when tiers.n_sessions >= params.min_sessions
            then round(least(1, tiers.right_frac + params.z * sqrt(tiers.variance)), 9)
    end as right_high,  -- the interval's other end
    round(tiers.mean_signed_frac, 9)
        as mean_signed_frac,  -- the mean move over the market, the way the score leaned
    round(tiers.mean_confidence, 9) as mean_confidence,  -- 0 to 100
    tiers.n_whole_moves,  -- those without a market, whose own move counted
    case when judged.reason is null then 'confidence' else 'data_completeness' end
        as verdict,  -- of all three tiers: what scores.confidence may be called here
    judged.reason,  -- why it is data_completeness
    tiers.known_at,  -- when the newest of the moves was known
    tiers.n_bars  -- of the horizon
from tiers
cross join params
inner join judged on tiers.score = judged.score and tiers.horizon = judged.horizon
