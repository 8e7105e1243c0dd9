-- rule:    D5
-- what:    How strongly active managers stand behind a stock, by its newest quarter that counts.
-- grain:   one row per symbol and session, as in features.score_components; conviction and its
--          label are null below 4 quarters of history, and 200 days after the quarter's end
-- status:  live
-- needs:   0s
-- misses:  what managers do within a quarter; puts; a weight is that in the disclosed longs
-- noisy:   when the price rose far: a weight grows without a trade

with params as (
    select
        50 as neutral,  -- as many quarters above as below
        75 as min_high,  -- as of the index, rule book E2
        25 as max_low,  -- as of the index, rule book E2
        200 as max_age_days  -- after its end a quarter is no news: the next has been told
),

asked as (
    select
        symbol, session_date, known_at
    from features.score_components
    where component = 'inst'
),

standing as (
    select
        asked.symbol, asked.session_date, asked.known_at,
        told.period_end, told.conviction_score, told.conviction_legacy, told.active_weight_change,
        told.n_active, told.n_quarters, told.n_best_ideas, told.n_holders, told.n_new,
        told.n_sold_out, told.inst_own_pct, told.net_change_pct, told.flow_label,
        -- An older quarter says nothing any more.
        coalesce(told.period_end >= asked.session_date - params.max_age_days, false) as is_told
    from asked
    cross join params
    asof left join features.holder_standing as told
        on asked.symbol = told.symbol and asked.known_at >= told.known_at
),

fresh as (
    select
        symbol, session_date, known_at,
        case when is_told then period_end end as period_end,
        case when is_told then conviction_score end as conviction_score,
        case when is_told then conviction_legacy end as conviction_legacy,
        case when is_told then active_weight_change end as active_weight_change,
        case when is_told then n_active end as n_active,
        case when is_told then n_quarters end as n_quarters,
        case when is_told then n_best_ideas end as n_best_ideas,
        case when is_told then n_holders end as n_holders,
        case when is_told then n_new end as n_new,
        case when is_told then n_sold_out end as n_sold_out,
        case when is_told then inst_own_pct end as inst_own_pct,
        case when is_told then net_change_pct end as net_change_pct,
        case when is_told then flow_label end as flow_label
    from standing
)

select
    fresh.symbol as entity,  -- the ticker then valid
    fresh.symbol,  -- the same
    fresh.session_date,
    fresh.known_at,  -- five hours after the close
    fresh.conviction_score
        as conviction,  -- percentile of what active managers did, pulled to 50; 0 to 100
    case
        when fresh.conviction_score >= params.min_high then 'high'
        when fresh.conviction_score <= params.max_low then 'low'
        when fresh.conviction_score is not null then 'moderate'
    end as label,  -- high from 75 on, low to 25, moderate
    coalesce(round(fresh.conviction_score - params.neutral, 9), 0)
        as part_active,  -- points: 50 and it are the score; 0 where there is none
    fresh.conviction_legacy,  -- new less sold out in percent of the holders: founding rule
    fresh.active_weight_change,  -- active managers' changes of weight, each in its own usual size
    fresh.n_active,
    fresh.n_quarters,  -- of history
    fresh.n_best_ideas,  -- active managers who hold more of it above its usual weight than of any
    fresh.n_holders,
    fresh.n_new,
    fresh.n_sold_out,
    fresh.period_end,  -- the quarter's end; null where none of 200 days counts
    fresh.inst_own_pct,  -- percent of the shares outstanding; over 100 where shares are lent
    fresh.net_change_pct,  -- of the shares that managers held a quarter before
    fresh.flow_label  -- strong_inflow, inflow, neutral, outflow or strong_outflow
from fresh
cross join params
