-- rule:    E1
-- what:    What each family says of a stock by a session's end, signed, all on one scale.
-- grain:   one row per symbol, session and component, told five hours after the close, in each
--          session within 252 of one in which any family told anything; s is null where a component
--          is missing: its source is silent, its history too short, or a flag is set; of the span
--          and of the 11 days before it, to which detectors look back
-- status:  live
-- keep:    tick
-- needs:   0s, 280 sessions of features.off_exchange_balance, 280 sessions of
--          features.block_balance, 280 sessions of features.insider_balance, 280 sessions of
--          features.option_session_flow, 20 sessions of features.option_session_unusual
-- misses:  inside a quarter, what managers do; blocks that are told later than the session's prints

with params as (
    select
        interval 5 hours as max_wait,  -- all that FINRA, bars and the tape tell of a session is in
        252 as rank_sessions,  -- a year, rule book 0.4
        interval 11 days as reach,  -- five sessions, with holidays
        5 as max_age_sessions,  -- an older figure of a day is no figure of this one
        interval 26 days as max_age,  -- five sessions more, and some to spare
        200 as max_age_days  -- after its end a quarter is no news: the next has been told
),

-- Weights of the index, rule book E2; flow is in no index, since it is of the same prints as
-- unusual. k and the least history as 0.4 and E1 have them; half-lives in days, or in sessions.
kinds as (
    select
        kinds.component,
        cast(kinds.weight as double) as weight,
        kinds.k, kinds.min_obs, kinds.halflife_days
    from (
        values
        ('dp', 0.25, 20, 20, 1), ('inst', 0.25, 4, 4, 45), ('insider', 0.1, 20, 20, 30),
        ('blocks', 0.25, 20, 20, 1), ('unusual', 0.15, 20, 20, 1), ('flow', null, 20, 20, 1)
    ) as kinds (component, weight, k, min_obs, halflife_days)
),

sessions as (
    select
        us.session_date,
        us.sequence as place,
        us.closes_at + params.max_wait as told_at
    from curated.us_sessions as us
    cross join params
    where us.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
),

asked as (
    select
        sessions.*,
        year_ago.told_at as year_ago_at
    from sessions
    cross join params
    left join sessions as year_ago on sessions.place = year_ago.place + params.rank_sessions
    where sessions.told_at >= (select clock.since from ops.clock as clock) - params.reach
),

-- What is measured in each session has a history of sessions.
measures as (
    select
        symbol, place, known_at, balance,
        'dp' as component,
        told_at as component_at,
        case when is_few_sided then 'few_sided' end as flag
    from features.off_exchange_balance
    union all
    select
        symbol, place, known_at, balance,
        'blocks' as component,
        told_at as component_at,
        case when is_few_sided then 'few_sided' end as flag
    from features.block_balance
    union all
    select
        symbol, place, known_at, balance,
        'insider' as component,
        newest_at as component_at,
        case when has_odd_price then 'odd_price' end as flag
    from features.insider_balance
    union all
    select
        underlying as symbol,
        place, known_at, balance,
        'flow' as component,
        known_at as component_at,
        case when is_few_sided then 'few_sided' end as flag
    from features.option_session_flow
),

known as (
    select * from measures
    where balance is not null
),

newest as (
    select known.*
    from known
    cross join params
    where known.known_at >= (select clock.since from ops.clock as clock) - params.max_age
),

ranks as (
    select
        newest.symbol, newest.component, newest.place,
        count(*) as n_obs,
        sum(case when abs(past.balance) < abs(newest.balance) then 1 else 0 end)
        + sum(case when abs(past.balance) <= abs(newest.balance) then 1 else 0 end) as twice_rank
    from newest
    cross join params
    inner join known as past
        on
            newest.symbol = past.symbol
            and newest.component = past.component
            and past.place between newest.place - params.rank_sessions and newest.place - 1
    group by newest.symbol, newest.component, newest.place
),

told as (
    select
        newest.symbol, newest.component, newest.place, newest.component_at, newest.flag,
        newest.balance as x,
        coalesce(ranks.n_obs, 0) as n_obs,
        cast(ranks.twice_rank as double) / (2 * ranks.n_obs) as pr
    from newest
    left join ranks
        on
            newest.symbol = ranks.symbol
            and newest.component = ranks.component
            and newest.place = ranks.place
    union all
    -- Its figure is a percentile already.
    select
        underlying as symbol,
        'unusual' as component,
        place,
        known_at as component_at,
        case when is_few_sided then 'few_sided' end as flag,
        net_sign * unusual / 100 as x,
        n_obs,
        unusual / 100 as pr
    from features.option_session_unusual
    where unusual is not null
),

latest as (
    select
        asked.place as asked_place,
        told.*
    from asked
    cross join params
    inner join told on told.place between asked.place - params.max_age_sessions + 1 and asked.place
    qualify
        row_number() over (
            partition by told.symbol, told.component, asked.place order by told.place desc
        ) = 1
),

settled as (
    select
        symbol, known_at, balance, balance_pr, n_obs, period_end, reported_at, is_few_managers,
        is_few_reports
    from features.institutional_balance
),

-- A stock is there for a year after anybody told anything of it.
news as (
    select symbol, component_at
    from measures
    group by symbol, component_at
    union
    select
        symbol,
        known_at as component_at
    from settled
),

names as (select distinct symbol from news),

listed as (
    select
        names.symbol, asked.session_date, asked.place, asked.told_at, asked.year_ago_at,
        news.component_at as newest_at
    from names
    cross join asked
    asof left join news
        on names.symbol = news.symbol and asked.told_at >= news.component_at
),

grid as (
    select *
    from listed
    where newest_at is not null and coalesce(newest_at > year_ago_at, true)
),

quarters as (
    select
        grid.symbol, grid.place,
        settled.balance, settled.balance_pr, settled.n_obs, settled.known_at,
        settled.period_end, settled.reported_at, settled.is_few_managers, settled.is_few_reports
    from grid
    asof left join settled
        on grid.symbol = settled.symbol and grid.told_at >= settled.known_at
),

laid as (
    select
        grid.symbol, grid.session_date, grid.told_at, grid.place, kinds.component, kinds.weight,
        kinds.k, kinds.min_obs, kinds.halflife_days,
        case when kinds.component = 'inst' then quarters.balance else latest.x end as x,
        case when kinds.component = 'inst' then quarters.balance_pr else latest.pr end as pr,
        case when kinds.component = 'inst' then quarters.n_obs else latest.n_obs end as n_obs,
        case when kinds.component = 'inst' then quarters.known_at else latest.component_at end
            as component_at,
        cast(
            case
                when kinds.component = 'inst'
                    then
                        grid.session_date
                        - cast(timezone('America/New_York', quarters.reported_at) as date)
                when kinds.component = 'insider'
                    then
                        grid.session_date
                        - cast(timezone('America/New_York', latest.component_at) as date)
                else grid.place - latest.place
            end as double
        ) as age_days,
        latest.flag,
        case when quarters.is_few_managers then 'few_managers' end as managers_flag,
        case when quarters.is_few_reports then 'few_reports' end as reports_flag
    from grid
    cross join kinds
    cross join params
    left join latest
        on
            grid.symbol = latest.symbol
            and grid.place = latest.asked_place
            and kinds.component = latest.component
    left join quarters
        on
            grid.symbol = quarters.symbol
            and grid.place = quarters.place
            and kinds.component = 'inst'
            and quarters.period_end >= grid.session_date - params.max_age_days
)

select
    symbol,
    session_date,
    told_at as known_at,
    component,  -- dp (off exchange), inst (13F), insider, blocks, unusual or flow (options)
    round(x, 9) as x,  -- the signed measure, in the family's own unit
    round(pr, 9) as pr,  -- percentile of its size in its own history, 0 to 1
    coalesce(n_obs, 0) as n_obs,  -- of that history: sessions, of inst quarters
    k,  -- how much history weighs as much as none
    case
        when n_obs < min_obs or x is null or coalesce(flag, managers_flag, reports_flag) is not null
            then null
        when x = 0 or pr = 0 then 0  -- no -0
        else round(sign(x) * pr * n_obs / (n_obs + k), 9)
    end as s,  -- signed strength, -1 to 1; null where the component is missing
    weight,  -- in the index; null for flow
    component_at,  -- when its newest input became known
    age_days,  -- of inst and insider days, of the others sessions
    halflife_days,  -- after so many its word is worth half
    round(power(2, -age_days / halflife_days), 9) as freshness,  -- 0 to 1
    coalesce(flag, managers_flag, reports_flag) is not null
        as has_flags,  -- an input says of itself that it can't be trusted
    case
        when coalesce(flag, managers_flag, reports_flag) is null then cast([] as text[])
        else string_split(concat_ws(' ', flag, managers_flag, reports_flag), ' ')
    end as flags  -- few_sided, odd_price, few_managers, few_reports
from laid
