-- what:    What a stock's prices of the next session are held against: closes and volatility.
-- grain:   one row per symbol and session, as its bar was first told; half sessions too
-- scaled:  close, mean14
-- status:  live
-- needs:   66 sessions

with params as (
    select
        0.94 as decay,  -- rule book F1: RiskMetrics, a day
        60 as n_returns,  -- what is older weighs a fortieth together; an end makes it repeatable
        20 as min_returns,  -- below it a volatility is a guess
        14 as mean_sessions  -- rule book F1, the founding formula
),

told as (
    select
        symbol, session_date, known_at, close_split,
        row_number() over (partition by symbol, session_date order by known_at, source) as nth
    from curated.equity_bars
    where bar = '1d' and close_split is not null
),

steps as (
    select
        *,
        row_number() over in_order as place,
        ln(close_split / lag(close_split) over in_order) as step
    from told
    where nth = 1
    window in_order as (partition by symbol order by session_date)
),

measured as (
    select
        steps.symbol, steps.session_date,
        count(past.step) as n_returns,
        sum(power(params.decay, steps.place - past.place) * past.step * past.step)
        / nullif(
            sum(
                case
                    when past.step is not null
                        then power(params.decay, steps.place - past.place)
                end
            ), 0
        ) as variance,
        avg(
            case when past.place > steps.place - params.mean_sessions then past.close_split end
        ) as mean14,
        count(
            case when past.place > steps.place - params.mean_sessions then 1 end
        ) as n_mean
    from steps
    cross join params
    inner join steps as past
        on
            steps.symbol = past.symbol
            and steps.place >= past.place
            and steps.place - params.n_returns < past.place
            and steps.known_at >= past.known_at
    group by steps.symbol, steps.session_date
)

select
    steps.symbol,
    steps.session_date,
    steps.known_at,
    steps.close_split as close,  -- USD for one share of the span's end
    round(case when measured.n_mean >= params.mean_sessions then measured.mean14 end, 9)
        as mean14,  -- of the closes of 14 sessions; null below them
    measured.n_returns,  -- of which the volatility is made, 60 at most
    round(
        case when measured.n_returns >= params.min_returns then sqrt(measured.variance) end, 9
    ) as sigma_d  -- of a day's log return, the newest weighing most; null below 20
from steps
cross join params
inner join measured
    on steps.symbol = measured.symbol and steps.session_date = measured.session_date
