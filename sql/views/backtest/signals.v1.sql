-- what:    The bars at which one can act on a detector's alerts: an entity's bar counts once.
-- grain:   one row per detector, version, entity, horizon and bar whose horizon has ended; of
--          several alerts the strongest, and no direction where they are not of one mind
-- status:  live
-- needs:   0s

with params as (
    select
        interval 0 minutes as cool_down,  -- alerts so soon after the entity's last say no more
        5 as n_top,  -- how many of a day are its strongest; a guess
        -1.0 as cost_bps  -- of trading in and out; below nothing it is what backtest.outcomes says
),

closed as (
    select
        outcomes.*,
        lag(outcomes.fired_at) over in_order as last_at
    from backtest.outcomes as outcomes
    where
        outcomes.status = 'closed'
        and outcomes.fired_at >= (select clock.since from ops.clock as clock)
    window in_order as (
        partition by outcomes.detector, outcomes.version, outcomes.entity, outcomes.horizon
        order by outcomes.fired_at, outcomes.alert_key
    )
),

episodes as (
    select
        closed.*, params.n_top, params.cost_bps
    from closed
    cross join params
    where
        closed.last_at is null
        or params.cool_down = interval 0 minutes
        or closed.fired_at > closed.last_at + params.cool_down
),

bars as (
    select
        detector, version, entity, horizon, bar, security_id, place, n_top, cost_bps,
        count(*) as n_alerts,
        min(fired_at) as fired_at,
        max(score) as score,
        arg_max(alert_key, struct_pack(score := score, alert_key := alert_key)) as alert_key,
        case when min(direction) = max(direction) then min(direction) end as direction,
        arg_min(
            time_of_day, struct_pack(fired_at := fired_at, alert_key := alert_key)
        ) as time_of_day,
        max(cost_frac) as cost_frac
    from episodes
    group by
        detector, version, entity, horizon, bar, security_id, place, n_top, cost_bps
)

select
    bars.detector,  -- the id of the detector that is measured
    bars.version,  -- its version
    bars.entity,  -- what moves
    bars.horizon,  -- how long it may take
    bars.bar,  -- session or 5m
    moves.session_date,  -- the bar's day
    bars.security_id, bars.place,  -- the bar, as in backtest.moves
    moves.n_bars,  -- of the horizon
    moves.bar_at,  -- the bar's end, at which one can buy
    bars.fired_at,  -- the first alert before it
    bars.alert_key,  -- the strongest alert before it
    bars.n_alerts,  -- alerts before it
    bars.score,  -- the strongest one's
    bars.direction,  -- bull, bear or neutral; null where it is unknown or alerts disagree
    row_number() over (
        partition by bars.detector, bars.version, bars.horizon, moves.session_date
        order by bars.score desc, bars.fired_at asc, bars.alert_key asc
    ) <= bars.n_top as is_top,  -- whether it is among the strongest of its day
    bars.time_of_day,  -- of the first alert
    moves.regime,  -- of the entity at the bar
    moves.return_frac,  -- from the bar's end, over the horizon
    moves.excess_frac,  -- the same, over the market
    case when bars.cost_bps < 0 then bars.cost_frac else bars.cost_bps / 10_000 end
        as cost_frac,  -- of trading in and out
    moves.is_sigma_2,  -- moved two standard deviations or more
    moves.is_sigma_3,  -- moved three or more
    moves.is_percentile_95,  -- moved as far as the top 5 % of its own year
    moves.is_percentile_99,  -- moved as far as the top 1 % of its own year
    moves.is_donoho_rise  -- rose as Donoho's label says
from bars
inner join backtest.moves as moves
    on
        bars.bar = moves.bar
        and bars.security_id = moves.security_id
        and bars.place = moves.place
        and bars.horizon = moves.horizon
