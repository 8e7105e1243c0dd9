-- rule:    F2
-- what:    How far an entity usually moves in each horizon: percentiles of what was over by then.
-- grain:   one row per entity, bar and horizon of which the move that ends with the bar is known
-- status:  live
-- needs:   265 sessions, 10d of backtest.pair_closes

with closes as (
    select * from backtest.session_closes
    union all by name
    select * from backtest.pair_closes
),

-- The begin is reckoned before the join: else it would pair all bars of an entity.
begun as (
    select
        closes.*,
        horizons.horizon,
        closes.place - horizons.n_bars as from_place
    from closes
    inner join backtest.horizons as horizons on closes.bar = horizons.bar
),

ended as (
    select
        begun.bar, begun.security_id, begun.place, begun.known_at, begun.horizon,
        round(abs(ln(begun.price / entries.price)), 9) as size
    from begun
    inner join closes as entries
        on
            begun.bar = entries.bar
            and begun.security_id = entries.security_id
            and begun.from_place = entries.place
),

of_sessions as (
    select
        bar, security_id, horizon, place, known_at,
        count(*) over past as n_moves,
        quantile_disc(size, 0.95) over past as percentile_95,
        quantile_disc(size, 0.99) over past as percentile_99
    from ended
    where bar = 'session'
    window
        past as (
            partition by security_id, horizon order by place
            range between 251 preceding and current row
        )
),

of_pairs as (
    select
        bar, security_id, horizon, place, known_at,
        count(*) over past as n_moves,
        quantile_disc(size, 0.95) over past as percentile_95,
        quantile_disc(size, 0.99) over past as percentile_99
    from ended
    where bar = '5m'
    window
        past as (
            partition by security_id, horizon order by place
            range between 2015 preceding and current row
        )
),

told as (
    select * from of_sessions
    union all
    select * from of_pairs
)

select
    bar,  -- session or 5m
    security_id,  -- what one series is of
    horizon,  -- as in backtest.horizons
    place,  -- counts the bars, as in backtest.closes
    known_at,  -- when the bar's price was known
    n_moves,  -- of a year of sessions, of a pair of a week
    percentile_95,  -- of log returns either way
    percentile_99  -- of log returns either way
from told
