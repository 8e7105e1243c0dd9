-- rule:    C3
-- what:    How far a stock's off-exchange prints of a session lean to buyers, against its own
--          sessions before.
-- grain:   one row per symbol and session with off-exchange prints, told 4 h 15 min after the
--          close; imbalance is null where less than a fifth of the value has a side, mz60 below 20
--          such sessions among 60
-- status:  live
-- needs:   61 sessions

with params as (
    select
        0.2 as min_sided_frac,  -- below it nothing is said, rule book C3
        60 as max_sessions,  -- a quarter, rule book 0.3
        20 as min_obs  -- below it no z, rule book 0.3
),

days as (
    select
        flow.symbol, flow.session_date, flow.known_at, flow.closes_at, flow.total_usd,
        flow.bull_usd, flow.bear_usd, flow.n_prints, flow.sided_frac, flow.bull_share,
        sessions.sequence as place,
        case
            when flow.sided_frac >= params.min_sided_frac
                then round((flow.bull_usd - flow.bear_usd) / nullif(flow.total_usd, 0), 9)
        end as imbalance
    from features.off_exchange_flow as flow
    cross join params
    inner join curated.us_sessions as sessions on flow.session_date = sessions.session_date
),

history as (
    select
        today.symbol, today.session_date,
        earlier.imbalance
    from days as today
    cross join params
    inner join days as earlier
        on
            today.symbol = earlier.symbol
            and today.place - params.max_sessions <= earlier.place
            and today.place > earlier.place
    where today.imbalance is not null and earlier.imbalance is not null
),

middles as (
    select
        symbol, session_date,
        count(*) as n_obs,
        median(imbalance) as middle,
        max(abs(imbalance)) as max_abs
    from history
    group by symbol, session_date
),

spreads as (
    select
        history.symbol, history.session_date,
        median(abs(history.imbalance - middles.middle)) as mad
    from history
    inner join middles
        on history.symbol = middles.symbol and history.session_date = middles.session_date
    group by history.symbol, history.session_date
)

select
    days.symbol,
    days.session_date,
    days.known_at,
    days.closes_at,
    days.total_usd,  -- off exchange
    days.bull_usd,  -- begun by buyers
    days.bear_usd,  -- begun by sellers
    days.n_prints,  -- off exchange
    days.sided_frac,  -- of the value, that has a side; 0 to 1
    days.bull_share,  -- of the sided value, by buyers; pulled to a half where prints are few
    days.imbalance,  -- what buyers began less what sellers began, over all of it; -1 to 1
    coalesce(middles.n_obs, 0) as n_obs,  -- in the 60 sessions before
    round(case when middles.n_obs >= params.min_obs then middles.middle end, 9)
        as median60,  -- their median imbalance
    round(case when middles.n_obs >= params.min_obs then middles.max_abs end, 9)
        as max_abs60,  -- the largest of them, of either sign
    round(
        case
            when middles.n_obs >= params.min_obs
                then 0.6745 * (days.imbalance - middles.middle) / nullif(round(spreads.mad, 9), 0)
        end, 6
    ) as mz60  -- modified z of imbalance
from days
cross join params
left join middles
    on days.symbol = middles.symbol and days.session_date = middles.session_date
left join spreads
    on days.symbol = spreads.symbol and days.session_date = spreads.session_date
