-- rule:    F2, G6
-- what:    What came of each alert in each horizon: returns, costs and significant moves.
-- grain:   one row per alert and horizon; open where the horizon ends after all prices do, no_price
--          where the entity has none then, and the reason says why
-- status:  live
-- needs:   12 sessions
-- misses:  the move between a stock's alert within a session and its close, which is in
--          return_frac with all that came before since the last close; next_return_frac begins at
--          the close

with params as (
    select
        20 as min_score,  -- below it a row says what happened and alarms nobody (info)
        1 as delay_bars,  -- from the alert to the bar at whose end one has bought; 1 is the next
        5 as half_spread_bps,  -- one way; of a liquid stock or pair; a guess
        10 as fee_bps,  -- one way, rule book G6
        interval 14 days as max_age_sessions,  -- an older price is none
        interval 1 hour as max_age_5m  -- an older price is none
),

hours as (
    select
        session_date, sequence, opens_at, closes_at,
        lag(closes_at) over in_order as previous_closes_at
    from curated.us_sessions
    window in_order as (order by sequence)
),

alerts as (
    select
        alerts.*,
        -- A pair names its venue; so do managers and CUSIPs, which have no price.
        case
            when regexp_matches(alerts.entity, '^(cik|cusip):') then 'session'
            when contains(alerts.entity, ':') then '5m'
            else 'session'
        end as bar,
        hour(timezone('UTC', alerts.fired_at)) // 6 as nth_quarter
    from backtest.alerts as alerts
    cross join params
    where
        alerts.score >= params.min_score
        and alerts.fired_at >= (select clock.since from ops.clock as clock)
),

bars as (select * from backtest.closes),

-- The bar under way when it fired: at its end one can buy.
placed as (
    select
        alerts.*,
        case
            when alerts.bar = 'session' then under_way.sequence
            else cast(floor(epoch(alerts.fired_at) / 300) as bigint) + 1
        end as next_place,
        case
            when alerts.bar = '5m' and alerts.nth_quarter = 0 then '00-06'
            when alerts.bar = '5m' and alerts.nth_quarter = 1 then '06-12'
            when alerts.bar = '5m' and alerts.nth_quarter = 2 then '12-18'
            when alerts.bar = '5m' then '18-24'
            when today.opens_at is null or alerts.fired_at >= today.closes_at then 'after'
            when alerts.fired_at < today.opens_at then 'premarket'
            when alerts.fired_at < today.opens_at + interval 30 minutes then 'open'
            when alerts.fired_at >= today.closes_at - interval 30 minutes then 'close'
            when alerts.fired_at < today.opens_at + interval 150 minutes then 'morning'
            when alerts.fired_at < today.opens_at + interval 270 minutes then 'midday'
            else 'afternoon'
        end as time_of_day
    from alerts
    left join hours as under_way
        on
            alerts.fired_at >= under_way.previous_closes_at
            and alerts.fired_at < under_way.closes_at
    left join hours as today
        on cast(timezone('America/New_York', alerts.fired_at) as date) = today.session_date
),

priced as (
    select
        placed.*,
        closes.security_id, closes.kind, closes.price, closes.traded_price,
        closes.known_at as priced_at,
        closes.place as priced_place
    from placed
    asof left join bars as closes
        on placed.entity = closes.entity and placed.fired_at >= closes.known_at
),

-- Where prices end, of everybody: what ends later is still open.
ends as (
    select
        bar,
        max(place) as newest_place
    from bars
    group by bar
),

looked as (
    select
        priced.*,
        horizons.horizon, horizons.n_bars,
        params.half_spread_bps, params.fee_bps,
        priced.next_place + params.delay_bars - 1 as entry_place,
        priced.next_place - 1 + horizons.n_bars as first_exit_place,
        priced.next_place + params.delay_bars - 1 + horizons.n_bars as last_exit_place,
        coalesce(
            priced.fired_at - priced.priced_at
            <= case
                when priced.bar = 'session' then params.max_age_sessions else params.max_age_5m
            end, false
        ) as has_price
    from priced
    cross join params
    inner join backtest.horizons as horizons on priced.bar = horizons.bar
),

found as (
    select
        looked.*,
        exits.price / looked.price - 1 as move_frac,
        exits.traded_price as exit_price,
        looked.price / exits.price * exits.traded_price as entry_price,
        exits.bar_at as exit_at,
        moves.bar_at as next_at,
        moves.entry_price as next_price,
        moves.exit_price as next_exit_price,
        moves.exit_at as next_exit_at,
        moves.return_frac as next_return_frac,
        moves.excess_frac as next_excess_frac,
        moves.market_return_frac, moves.is_sigma_2, moves.is_sigma_3, moves.is_percentile_95,
        moves.is_percentile_99, moves.is_donoho_rise,
        moves.known_at as told_at,
        moves.regime,
        looked.last_exit_place > ends.newest_place as may_come,
        case looked.direction when 'bull' then 1 when 'bear' then -1 end as sign
    from looked
    left join bars as exits
        on
            looked.bar = exits.bar
            and looked.security_id = exits.security_id
            and looked.first_exit_place = exits.place
            and looked.has_price
    left join backtest.moves as moves
        on
            looked.bar = moves.bar
            and looked.security_id = moves.security_id
            and looked.entry_place = moves.place
            and looked.horizon = moves.horizon
            and looked.has_price
    left join ends on looked.bar = ends.bar
)

select
    detector,  -- the id of the detector that is measured
    version,  -- of it
    alert_key,  -- the alert
    entity,  -- as the detector names it
    fired_at,  -- when it could be known
    direction,  -- bull, bear or neutral; null where the side is unknown
    score,  -- 0 to 100
    severity,  -- the score's cut
    horizon,  -- 1, 2, 5 or 10 sessions; of pairs 5 minutes, 1 or 4 hours, 1 day
    case
        when next_return_frac is not null then 'closed'
        when has_price and may_come then 'open'
        else 'no_price'
    end as status,  -- closed, open or no_price
    case
        when next_return_frac is not null then null
        when priced_at is null then 'no price was known when it fired'
        when not has_price then 'the newest price was too old'
        when may_come then 'prices end before the horizon does'
        else 'no price at the end of the next bar, or of the horizon'
    end as reason,  -- why it is not closed
    priced_at,  -- when the price was known that was the newest when it fired
    round(entry_price, 9) as entry_price,  -- that price, in shares of the exit's day
    exit_at,  -- the end of the horizon, counted from the last bar that was over when it fired
    round(exit_price, 9) as exit_price,  -- as it traded that day
    round(move_frac, 9) as return_frac,  -- from the price known when it fired; 0.1 is 10 percent
    round(sign * move_frac, 9) as signed_return_frac,  -- the way it said; null where it said none
    next_excess_frac as excess_frac,  -- of next_return_frac, beta times the market taken off
    next_at,  -- the end of the bar under way when it fired, plus the delay: where labels begin
    next_price,  -- the price there, in shares of the exit's day
    next_exit_at,  -- the end of the horizon, counted from next_at
    next_exit_price,  -- the price there
    next_return_frac,  -- from next_at: nothing in it was over when it fired
    round(sign * next_return_frac, 9)
        as signed_next_return_frac,  -- the way it said; null where it said none
    round(2 * (half_spread_bps + fee_bps) / 10000.0, 9) as cost_frac,  -- of both ways
    round(sign * next_return_frac - 2 * (half_spread_bps + fee_bps) / 10000.0, 9)
        as net_return_frac,  -- from next_at, the way it said, after costs
    market_return_frac,  -- in the bars of next_return_frac
    is_sigma_2,  -- of the move from next_at, as in backtest.moves
    is_sigma_3,  -- as in backtest.moves
    is_percentile_95,  -- as in backtest.moves
    is_percentile_99,  -- as in backtest.moves
    is_donoho_rise,  -- as in backtest.moves
    regime,  -- calm, normal or stressed, at next_at
    time_of_day,  -- of the session when it fired; of a pair the quarter of the UTC day
    told_at as known_at,  -- when the exit's price was known
    kind,  -- stock, spot (of option chains) or pair
    bar,  -- session or 5m
    security_id,  -- what one series is of
    entry_place as place,  -- of next_at: with bar and security_id a row of backtest.moves
    confidence,  -- of the alert, 0 to 1
    notional_usd  -- of the alert
from found
