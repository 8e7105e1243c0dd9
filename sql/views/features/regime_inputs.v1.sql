-- rule:    F3
-- what:    How much a stock, and the whole market, has moved of late: what tells a regime.
-- grain:   one row per entity and session that has a close, told five hours after it; market is one
--          symbol where the store has it, else the median of all stocks, as basis says; a measure
--          is null where under three quarters of its sessions are told
-- status:  live
-- needs:   90 sessions
-- misses:  dividends, where the source has not adjusted for them; the day on which a source that
--          adjusts for them takes the place of one that does not, or the other way round

with params as (
    select
        interval 5 hours as max_wait,  -- as in features.price_returns
        'SPY' as market_symbol,  -- the most traded fund of the whole market
        20 as min_stocks,  -- of fewer a median is no market; a guess
        5 as max_gap_sessions,  -- what is longer is no day's move
        15 as min_20,  -- returns among 20 sessions: three quarters
        4 as min_5,  -- among 5 sessions, likewise
        45 as min_60,  -- among 60 sessions, likewise
        252 as year_sessions  -- a volatility is told as that of a year
),

sessions as (
    select
        us.session_date, us.sequence, us.opens_at,
        us.closes_at + params.max_wait as told_at
    from curated.us_sessions as us
    cross join params
    where us.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
),

-- Each close as it stood on its own evening, in the shares in which it was told.
closes as (
    select
        bars.security_id, bars.symbol, bars.session_date, bars.shares_date,
        bars.adjusted = 'all' as is_full,
        sessions.sequence as place,
        sessions.told_at,
        cast(bars.close as double) as close
    from curated.told_bars as bars
    inner join sessions on bars.session_date = sessions.session_date
    where
        bars.bar = '1d'
        and bars.close > 0
        and bars.known_at between sessions.opens_at and sessions.told_at
        and coalesce(bars.withdrawn_at > sessions.told_at, true)
    qualify
        row_number() over (
            partition by bars.security_id, sessions.sequence order by bars.symbol, bars.starts_at
        ) = 1
),

pairs as (
    select
        *,
        place - lag(place) over in_order as n_sessions,
        lag(close) over in_order as from_close,
        lag(shares_date) over in_order as from_shares_date,
        lag(is_full) over in_order as from_full
    from closes
    window in_order as (partition by security_id order by place)
),

-- Splits between the shares of the two closes, as far as they were known on the later evening.
splits as (
    select
        pairs.security_id, pairs.place,
        exp(sum(
            ln(cast(actions.ratio as double))
            * case when pairs.shares_date > pairs.from_shares_date then 1 else -1 end
        )) as ratio
    from pairs
    inner join curated.corporate_actions as actions
        on
            pairs.security_id = actions.security_id
            and actions.action = 'split'
            and least(pairs.shares_date, pairs.from_shares_date) < actions.ex_date
            and greatest(pairs.shares_date, pairs.from_shares_date) >= actions.ex_date
            and pairs.told_at >= actions.known_at
            and coalesce(pairs.told_at < actions.withdrawn_at, true)
    group by pairs.security_id, pairs.place
),

steps as (
    select
        pairs.security_id, pairs.symbol, pairs.session_date, pairs.place, pairs.told_at,
        case
            when pairs.n_sessions <= params.max_gap_sessions and pairs.is_full = pairs.from_full
                then round(ln(pairs.close * coalesce(splits.ratio, 1) / pairs.from_close), 9)
        end as step,
        case
            when pairs.n_sessions <= params.max_gap_sessions and pairs.is_full = pairs.from_full
                then pairs.n_sessions
        end as n_sessions
    from pairs
    cross join params
    left join splits on pairs.security_id = splits.security_id and pairs.place = splits.place
),

-- A return over two sessions counts as two, so that a gap makes nothing look calmer or wilder.
scaled as (
    select
        *,
        step / nullif(
            sqrt(
                sum(step * step)
                    over (
                        partition by security_id order by place
                        range between 19 preceding and current row
                    )
                / nullif(
                    sum(n_sessions) over (
                        partition by security_id order by place
                        range between 19 preceding and current row
                    ), 0
                )
            ), 0
        ) as z
    from steps
),

-- Sums of decimals are the same in whatever order the threads add them.
crowd as (
    select
        scaled.place,
        median(scaled.step) as step,
        count(scaled.z) as n_stocks,
        sum(cast(scaled.z as decimal(28, 9))) as sum_z,
        sum(cast(scaled.z * scaled.z as decimal(28, 9))) as sum_zz
    from scaled
    cross join params
    where scaled.n_sessions = 1 and scaled.symbol <> params.market_symbol
    group by scaled.place
),

-- Of every pair of stocks the product of their scaled returns, over what it would be if all moved
-- as one: the mean correlation, without a look at the pairs.
crowds as (
    select
        sessions.session_date, sessions.told_at, crowd.place, crowd.n_stocks,
        case when crowd.n_stocks >= params.min_stocks then crowd.step end as step,
        case
            when count(crowd.place) over past >= params.min_20
                then
                    sum(power(cast(crowd.sum_z as double), 2) - cast(crowd.sum_zz as double))
                        over past
                    / nullif(sum((crowd.n_stocks - 1) * cast(crowd.sum_zz as double)) over past, 0)
        end as mean_correlation
    from crowd
    inner join sessions on crowd.place = sessions.sequence
    cross join params
    where crowd.n_stocks >= params.min_stocks
    window past as (order by crowd.place range between 19 preceding and current row)
),

series as (
    select
        symbol as entity,
        security_id as series,
        'own' as basis,
        session_date, place, told_at, step, n_sessions
    from steps
    union all
    select
        'market' as entity,
        'market' as series,
        'symbol' as basis,
        steps.session_date, steps.place, steps.told_at, steps.step, steps.n_sessions
    from steps
    cross join params
    where steps.symbol = params.market_symbol
    union all
    select
        'market' as entity,
        'market' as series,
        'median' as basis,
        session_date, place, told_at, step,
        1 as n_sessions
    from crowds
),

measured as (
    select
        *,
        count(step) over week as n_5,
        count(step) over month as n_20,
        count(step) over quarter as n_60,
        sum(step) over month as sum_20,
        sum(step * step) over week / nullif(sum(n_sessions) over week, 0) as variance_5,
        sum(step * step) over month / nullif(sum(n_sessions) over month, 0) as variance_20,
        sum(step * step) over quarter / nullif(sum(n_sessions) over quarter, 0) as variance_60
    from series
    window
        week as (
            partition by basis, series order by place
            range between 4 preceding and current row
        ),
        month as (
            partition by basis, series order by place
            range between 19 preceding and current row
        ),
        quarter as (
            partition by basis, series order by place
            range between 59 preceding and current row
        )
),

-- The symbol is the market from where its past is as long as the longest measure asks.
chosen as (
    select measured.*
    from measured
    cross join params
    qualify
        row_number() over (
            partition by measured.entity, measured.series, measured.place
            order by
                case when measured.n_60 >= params.min_60 then 0 else 1 end,
                case measured.basis when 'symbol' then 0 else 1 end
        ) = 1
)

select
    chosen.entity,  -- a symbol, or market
    chosen.session_date,
    chosen.place,  -- the session's number in curated.us_sessions
    chosen.told_at as known_at,  -- five hours after the close
    chosen.basis,  -- own; of the market symbol (that of the parameter) or median (of all stocks)
    chosen.step as return_log,  -- since the close before, at most five sessions ago
    round(
        case
            when chosen.n_20 >= params.min_20
                then sqrt(params.year_sessions * chosen.variance_20)
        end, 9
    ) as rv20,  -- realised volatility of 20 sessions, of a year, around a mean of zero
    round(case when chosen.n_20 >= params.min_20 then exp(chosen.sum_20) - 1 end, 9)
        as return_20d_frac,  -- of 20 sessions
    round(
        case
            when chosen.n_5 >= params.min_5 and chosen.n_60 >= params.min_60
                then sqrt(chosen.variance_5 / nullif(chosen.variance_60, 0))
        end, 9
    ) as vol_ratio,  -- volatility of 5 sessions over that of 60
    round(case when chosen.entity = 'market' then crowds.mean_correlation end, 9)
        as mean_correlation,  -- of the stocks among each other, in 20 sessions; of the market only
    case when chosen.entity = 'market' then crowds.n_stocks end
        as n_stocks,  -- of which the correlation, and a median, is taken
    chosen.n_60 as n_returns  -- told among the 60 sessions
from chosen
cross join params
left join crowds on chosen.place = crowds.place and chosen.entity = 'market'
