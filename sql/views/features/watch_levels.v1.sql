-- what:    What the prices of watched symbols are held against: closes, their mean and volatility.
-- grain:   one row per symbol and session, from thirty days before the span, as its close was first
--          told; a pair's session is the UTC day
-- scope:   symbol of curated.watchlists
-- scaled:  close, close_full, mean14, mean14_full
-- status:  live
-- keep:    tick
-- needs:   66 sessions

with params as (
    select
        0.94 as decay,  -- rule book F1: RiskMetrics, a day
        60 as n_returns,  -- what is older weighs a fortieth together; an end makes it repeatable
        20 as min_returns,  -- below it a volatility is a guess
        14 as mean_sessions,  -- rule book F1, the founding formula
        interval 30 days as lookback  -- whoever asks looks 14 sessions back
),

watched as (
    select distinct
        symbol,
        split_part(symbol, ':', 1) as venue,
        split_part(symbol, ':', 2) as pair
    from curated.watchlists
),

told as (
    select
        bars.symbol, bars.session_date, bars.known_at,
        bars.close_split as close,
        bars.close_full,
        row_number() over (
            partition by bars.symbol, bars.session_date order by bars.known_at, bars.source
        ) as nth
    from curated.equity_bars as bars
    inner join watched on bars.symbol = watched.symbol
    where bars.bar = '1d' and bars.close_split is not null
),

-- Nothing else can become known of a UTC day that is over.
coins as (
    select
        watched.symbol, hours.known_date,
        timezone('UTC', cast(hours.known_date + 1 as timestamp)) as known_at,
        arg_max(hours.last_price, hours.hour_at) as close
    from features.crypto_hours as hours
    inner join watched on hours.venue = watched.venue and hours.pair = watched.pair
    group by watched.symbol, hours.known_date
),

closes as (
    select symbol, session_date, known_at, close, close_full
    from told
    where nth = 1
    union all
    select
        symbol,
        known_date as session_date,
        known_at, close,
        close as close_full
    from coins
    where known_at < (select clock.until from ops.clock as clock)
),

-- A dividend is no loss; where one can't be taken off, it counts as one.
steps as (
    select
        *,
        row_number() over in_order as place,
        coalesce(
            ln(close_full / lag(close_full) over in_order), ln(close / lag(close) over in_order)
        ) as step
    from closes
    window in_order as (partition by symbol order by session_date)
),

asked as (
    select steps.*
    from steps
    cross join params
    cross join ops.clock as clock
    where steps.known_at >= clock.since - params.lookback
),

measured as (
    select
        asked.symbol, asked.session_date,
        count(past.step) as n_returns,
        sum(power(params.decay, asked.place - past.place) * past.step * past.step)
        / nullif(
            sum(
                case
                    when past.step is not null
                        then power(params.decay, asked.place - past.place)
                end
            ), 0
        ) as variance,
        count(case when past.place > asked.place - params.mean_sessions then 1 end) as n_mean,
        avg(case when past.place > asked.place - params.mean_sessions then past.close end)
            as mean14,
        count(
            case when past.place > asked.place - params.mean_sessions then past.close_full end
        ) as n_mean_full,
        avg(case when past.place > asked.place - params.mean_sessions then past.close_full end)
            as mean14_full
    from asked
    cross join params
    inner join steps as past
        on
            asked.symbol = past.symbol
            and asked.place >= past.place
            and asked.place - params.n_returns < past.place
            and asked.known_at >= past.known_at
    group by asked.symbol, asked.session_date
)

select
    asked.symbol,
    asked.session_date,
    asked.known_at,
    asked.close,  -- USD for one share of the span's end; of a pair its quote currency
    asked.close_full,  -- dividends taken off too; null where one can't be
    round(case when measured.n_mean >= params.mean_sessions then measured.mean14 end, 9)
        as mean14,  -- of the closes of 14 sessions; null below them
    round(case when measured.n_mean_full >= params.mean_sessions then measured.mean14_full end, 9)
        as mean14_full,  -- dividends taken off; null where one can't be
    measured.n_returns,  -- of which the volatility is made, 60 at most
    round(
        case when measured.n_returns >= params.min_returns then sqrt(measured.variance) end, 9
    ) as sigma_d  -- of a day's log return, the newest weighing most; null below 20
from asked
cross join params
inner join measured
    on asked.symbol = measured.symbol and asked.session_date = measured.session_date
