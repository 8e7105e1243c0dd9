-- what:    What a simple rule earns of a detector's signals day by day: enter at the end of the bar
--          under way, hold for the horizon, all alike, after costs.
-- grain:   one row per detector, version, horizon and day on which a trade begins or is held; over
--          h sessions a day's trades share an h-th of the capital, and over hours all of it; a day
--          without a price of what is held moves nothing
-- status:  live
-- needs:   0s

with trades as (
    select
        *,
        case direction when 'bull' then 1 when 'bear' then -1 end as way,
        case when bar = 'session' then n_bars else 1 end as n_held
    from backtest.signals
    where direction in ('bull', 'bear') and return_frac is not null
),

weighted as (
    select
        *,
        1.0 / (n_held * count(*) over (partition by detector, version, horizon, session_date))
            as weight
    from trades
),

closes as (
    select
        security_id, place, session_date, return_frac
    from backtest.moves
    where bar = 'session' and horizon = '1 session'
),

-- In at the close of one session, and out so many sessions later.
held as (
    select
        detector, version, horizon, security_id, way, weight,
        unnest(generate_series(place, place + n_held - 1)) as place
    from weighted
    where bar = 'session'
),

parts as (
    select
        held.detector, held.version, held.horizon, closes.session_date,
        held.weight * held.way * closes.return_frac as day_return
    from held
    inner join closes on held.security_id = closes.security_id and held.place = closes.place
    union all by name
    select
        detector, version, horizon, session_date,
        weight * (case when bar = 'session' then 0 else way * return_frac end - cost_frac)
            as day_return,
        weight as turned,
        1 as n_trades,
        case when way * return_frac < 0 then 1 else 0 end as n_losers,
        way * return_frac as trade_return,
        way * excess_frac as trade_excess,
        way * return_frac - cost_frac as trade_net
    from weighted
)

select
    detector,  -- the id of the detector that is measured
    version,  -- its version
    horizon,  -- how long is held
    session_date,  -- the day
    cast(coalesce(sum(n_trades), 0) as bigint) as n_trades,  -- trades of this day's alerts
    cast(coalesce(sum(n_losers), 0) as bigint) as n_losers,  -- those that lose, before costs
    round(coalesce(sum(trade_return), 0), 12) as sum_return,  -- of the trades, before costs
    round(coalesce(sum(trade_excess), 0), 12) as sum_excess,  -- of the trades, over the market
    round(coalesce(sum(trade_net), 0), 12) as sum_net,  -- of the trades, after costs
    round(2 * coalesce(sum(turned), 0), 12) as turnover,  -- share of the capital in and out
    round(sum(day_return), 12) as day_return  -- of the capital, after costs
from parts
group by detector, version, horizon, session_date
