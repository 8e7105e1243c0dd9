-- rule:    D5
-- what:    How far each stock of active managers moves by itself, how long it takes to sell, and
--          which is the manager's best idea by both tilt and volatility.
-- grain:   one row per active manager, quarter, version and stock, of reports that came within 50
--          days of the quarter's end; volatility and days_to_trade are null where 20 daily bars
--          before it are not there
-- status:  live
-- needs:   110 sessions
-- misses:  a weight is that in the disclosed longs; where SPY has no bars the market's part in a
--          stock's volatility

with params as (
    select
        60 as volatility_sessions,  -- up to the quarter's end
        20 as adv_sessions,  -- rule book D6; and as few make a volatility
        0.2 as participation,  -- of the volume, rule book D6
        50 as max_lag_days,  -- from the quarter's end; later nobody looks so far back
        'SPY' as benchmark  -- whose moves are the market's
),

ends as (
    select
        quarters_told.period_end,
        timezone('America/New_York', quarters_told.period_end + interval 1 day) as ended_at,
        max(sessions.sequence) as place
    from (select distinct period_end from features.position_tilts) as quarters_told
    inner join curated.us_sessions as sessions
        on quarters_told.period_end >= sessions.session_date
    group by quarters_told.period_end
),

-- What was known of the last sessions when the quarter was over; a move in millionths.
bars as (
    select
        ends.period_end, traded.symbol,
        cast(traded.volume as double) as volume,
        ends.place - sessions.sequence as age,
        case
            when lag(sessions.sequence) over in_order = sessions.sequence - 1
                then
                    cast(
                        round(
                            1_000_000
                            * ln(traded.close_full / lag(traded.close_full) over in_order)
                        ) as bigint
                    )
        end as moved
    from ends
    cross join params
    inner join curated.us_sessions as sessions
        on
            ends.place >= sessions.sequence
            and ends.place - params.volatility_sessions <= sessions.sequence
    inner join curated.equity_bars as traded
        on
            sessions.session_date = traded.session_date
            and ends.ended_at >= traded.known_at
            and coalesce(ends.ended_at < traded.withdrawn_at, true)
    where traded.bar = '1d' and traded.close_full > 0
    window in_order as (
        partition by ends.period_end, traded.symbol order by sessions.sequence
    )
),

sums as (
    select
        bars.period_end, bars.symbol,
        sum(case when bars.age < params.adv_sessions then bars.volume else 0 end)
        / params.adv_sessions as adv20,
        count(*) as n_bars,
        count(bars.moved) as n_moves,
        sum(bars.moved) as own_sum,
        sum(bars.moved * bars.moved) as own_squares,
        sum(case when bars.moved is not null then of_market.moved end) as market_sum,
        sum(case when bars.moved is not null then of_market.moved * of_market.moved end)
            as market_squares,
        sum(bars.moved * of_market.moved) as products,
        count(bars.moved + of_market.moved) as n_both
    from bars
    cross join params
    left join bars as of_market
        on
            bars.period_end = of_market.period_end
            and bars.age = of_market.age
            and params.benchmark = of_market.symbol
    group by bars.period_end, bars.symbol, params.adv_sessions
),

-- What the market's moves do not explain of a stock's own.
spreads as (
    select
        *,
        own_squares - cast(own_sum * own_sum as double) / n_moves as own_spread,
        case
            when n_both = n_moves
                then market_squares - cast(market_sum * market_sum as double) / n_moves
        end as market_spread,
        products - cast(own_sum * market_sum as double) / n_moves as common_spread
    from sums
),

measures as (
    select
        spreads.period_end, spreads.symbol,
        case when spreads.n_bars >= params.adv_sessions then spreads.adv20 end as adv20,
        case
            when spreads.n_moves >= params.adv_sessions
                then
                    round(
                        sqrt(
                            greatest(
                                spreads.own_spread
                                - coalesce(
                                    spreads.common_spread * spreads.common_spread
                                    / nullif(spreads.market_spread, 0), 0
                                ), 0
                            ) / (spreads.n_moves - 1)
                        ) / 1_000_000, 9
                    )
        end as volatility
    from spreads
    cross join params
),

weighed as (
    select
        tilts.*,
        measures.volatility,
        round(
            cast(tilts.shares as double) / nullif(params.participation * measures.adv20, 0), 6
        ) as days_to_trade
    from features.position_tilts as tilts
    cross join params
    left join measures on tilts.ticker = measures.symbol and tilts.period_end = measures.period_end
    where
        cast(timezone('America/New_York', tilts.known_at) as date)
        <= tilts.period_end + params.max_lag_days
),

middles as (
    select
        cik, period_end, known_at,
        median(volatility) as volatility,
        2 * count(volatility) >= count(*) as is_by_volatility
    from weighed
    group by cik, period_end, known_at
),

-- A stock without one moves as the middle of the report; where most have none the tilt is left.
sized as (
    select
        weighed.*,
        middles.is_by_volatility,
        round(
            weighed.tilt
            * case
                when middles.is_by_volatility then coalesce(weighed.volatility, middles.volatility)
                else 1
            end, 12
        ) as idea_size
    from weighed
    inner join middles
        on
            weighed.cik = middles.cik
            and weighed.period_end = middles.period_end
            and weighed.known_at = middles.known_at
)

select
    cik,
    manager,
    cusip,
    ticker,
    period_end,
    known_at,
    withdrawn_at,
    portfolio_frac as conviction_weight,  -- its part of the manager's disclosed longs
    tilt,
    weight_ratio,
    volatility,  -- of a session, of 60 up to the quarter's end, apart from the market's
    days_to_trade,  -- to sell it at a fifth of the mean volume of 20 sessions
    row_number() over (
        partition by cik, period_end, known_at
        order by idea_size desc nulls last, portfolio_frac desc, cusip asc
    ) as idea_place,  -- 1 is the best idea: tilt times volatility, tilt, or weight, as far as known
    is_by_volatility,  -- false: of over half of the report's stocks no volatility is known
    manager_type,
    accession_no
from sized
