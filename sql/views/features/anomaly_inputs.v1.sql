-- rule:    F4
-- what:    What a stock and its options did in a session, each figure against its own 60 sessions.
-- grain:   one row per entity and whole session with at least one figure, told five hours after the
--          close; a figure is null where nobody told it, below 20 sessions of its history, or where
--          half of those are equal
-- status:  live
-- needs:   71 sessions
-- misses:  half sessions, which are like no other; option volume of chains without trades; what is
--          told or corrected later than that evening

with params as (
    select
        interval 5 hours as max_wait,  -- as in features.activity_measures
        60 as median_sessions,  -- rule book 0.3
        20 as min_obs,  -- below it a z says nothing, rule book 0.3
        20 as max_z  -- beyond it a z only says how small its scale is; a guess
),

sessions as (
    select
        us.session_date, us.previous_date, us.opens_at,
        us.closes_at + params.max_wait as told_at,
        row_number() over in_order as place
    from curated.us_sessions as us
    cross join params
    where
        not us.is_half_session
        and us.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
    window in_order as (order by us.sequence)
),

-- Each close as it stood on its own evening; what is corrected later enters nothing.
closes as (
    select
        bars.symbol, bars.security_id, bars.session_date,
        cast(bars.close as double) as close,
        cast(bars.volume as double) * cast(bars.close as double) as value_usd
    from curated.traded_bars as bars
    cross join params
    inner join curated.us_sessions as us on bars.session_date = us.session_date
    where
        bars.bar = '1d'
        and bars.close > 0
        and bars.known_at between us.opens_at and us.closes_at + params.max_wait
        and coalesce(bars.withdrawn_at > us.closes_at + params.max_wait, true)
),

-- What a share of the session before became, as far as that evening knew.
became as (
    select
        sessions.place, actions.security_id,
        exp(sum(ln(cast(coalesce(actions.ratio, 1) as double)))) as ratio,
        sum(cast(coalesce(actions.amount_usd, 0) as double)) as paid_usd
    from sessions
    inner join curated.corporate_actions as actions
        on
            sessions.previous_date < actions.ex_date
            and sessions.session_date >= actions.ex_date
            and sessions.told_at >= actions.known_at
            and coalesce(sessions.told_at < actions.withdrawn_at, true)
    group by sessions.place, actions.security_id
),

prices as (
    select
        today.symbol, sessions.place, today.value_usd,
        ln(
            (today.close * coalesce(became.ratio, 1) + coalesce(became.paid_usd, 0)) / earlier.close
        ) as log_return
    from closes as today
    inner join sessions on today.session_date = sessions.session_date
    left join closes as earlier
        on
            today.security_id = earlier.security_id
            and sessions.previous_date = earlier.session_date
    left join became
        on today.security_id = became.security_id and sessions.place = became.place
),

-- Of the tape where it tells of the session, else of FINRA's files.
shares as (
    select *
    from features.off_exchange_sessions
    qualify row_number() over (partition by symbol, session_date order by basis) = 1
),

-- The open interest that was published on the session's own morning.
positions as (
    select
        coalesce(roots.underlying, changes.root) as underlying,
        sessions.place,
        cast(sum(changes.open_interest) as double) as open_interest,
        cast(sum(changes.d_oi) as double) as d_oi,
        cast(sum(changes.previous_open_interest) as double) as previous_open_interest
    from features.oi_session_change as changes
    inner join sessions
        on
            changes.next_date = sessions.session_date
            and changes.known_at <= sessions.told_at
            and coalesce(changes.withdrawn_at > sessions.told_at, true)
    left join curated.option_roots as roots
        on
            changes.root = roots.root
            and changes.oi_date >= roots.valid_from
            and coalesce(changes.oi_date < roots.valid_to, true)
    where changes.calendar = 'XNYS'
    group by coalesce(roots.underlying, changes.root), sessions.place
),

options as (
    select
        flow.underlying, sessions.place,
        cast(flow.call_volume as double) as call_volume,
        cast(flow.put_volume as double) as put_volume,
        cast(flow.net_usd as double) / nullif(cast(flow.premium_usd as double), 0)
            as net_premium_frac
    from features.option_session_flow as flow
    inner join sessions on flow.session_date = sessions.session_date
),

-- One figure a row, so that all are held against their past at once.
figures as (
    select
        symbol as entity,
        place,
        'log_return' as figure,
        log_return as x
    from prices
    union all
    select
        symbol as entity,
        place,
        'value' as figure,
        ln(1 + value_usd) as x
    from prices
    union all
    select
        shares.symbol as entity,
        sessions.place,
        'offex_ratio' as figure,
        shares.offex_ratio as x
    from shares
    inner join sessions on shares.session_date = sessions.session_date
    union all
    select
        shares.symbol as entity,
        sessions.place,
        'short_sale' as figure,
        shares.short_sale_frac as x
    from shares
    inner join sessions on shares.session_date = sessions.session_date
    union all
    select
        flow.symbol as entity,
        sessions.place,
        'offex_balance' as figure,
        (flow.bull_usd - flow.bear_usd) / nullif(flow.total_usd, 0) as x
    from features.off_exchange_flow as flow
    inner join sessions on flow.session_date = sessions.session_date
    union all
    select
        flow.symbol as entity,
        sessions.place,
        'blocks' as figure,
        flow.large_usd / nullif(flow.total_usd, 0) as x
    from features.off_exchange_flow as flow
    inner join sessions on flow.session_date = sessions.session_date
    union all
    select
        underlying as entity,
        place,
        'calls' as figure,
        ln(1 + call_volume) as x
    from options
    union all
    select
        underlying as entity,
        place,
        'puts' as figure,
        ln(1 + put_volume) as x
    from options
    union all
    select
        underlying as entity,
        place,
        'net_premium' as figure,
        net_premium_frac as x
    from options
    union all
    select
        options.underlying as entity,
        options.place,
        'vol_oi' as figure,
        ln((1 + options.call_volume + options.put_volume) / (1 + positions.open_interest)) as x
    from options
    inner join positions
        on options.underlying = positions.underlying and options.place = positions.place
    union all
    select
        underlying as entity,
        place,
        'd_oi' as figure,
        d_oi / nullif(previous_open_interest, 0) as x
    from positions
    union all
    select
        changes.underlying as entity,
        sessions.place,
        'd_iv' as figure,
        changes.d_iv as x
    from features.iv_session_change as changes
    inner join sessions
        on
            changes.session_date = sessions.session_date
            and changes.known_at <= sessions.told_at
            and coalesce(changes.withdrawn_at > sessions.told_at, true)
    where changes.calendar = 'XNYS'
),

known as (
    select
        entity, place, figure,
        round(x, 9) as x
    from figures
    where x is not null
),

asked as (
    select
        known.*,
        sessions.session_date, sessions.told_at
    from known
    inner join sessions on known.place = sessions.place
),

past as (
    select
        asked.entity, asked.place, asked.figure,
        known.x
    from asked
    cross join params
    inner join known
        on
            asked.entity = known.entity
            and asked.figure = known.figure
            and known.place between asked.place - params.median_sessions and asked.place - 1
),

middles as (
    select
        entity, place, figure,
        count(*) as n_obs,
        median(x) as median_x
    from past
    group by entity, place, figure
),

spreads as (
    select
        past.entity, past.place, past.figure,
        median(abs(past.x - middles.median_x)) as mad_x
    from past
    inner join middles
        on
            past.entity = middles.entity
            and past.place = middles.place
            and past.figure = middles.figure
    group by past.entity, past.place, past.figure
),

measured as (
    select
        asked.entity, asked.session_date, asked.told_at, asked.figure,
        case
            when middles.n_obs >= params.min_obs and round(spreads.mad_x, 9) > 0
                then round(
                    greatest(
                        -params.max_z, least(
                            params.max_z,
                            0.6745 * (asked.x - middles.median_x) / round(spreads.mad_x, 9)
                        )
                    ), 6
                )
        end as z
    from asked
    cross join params
    inner join middles
        on
            asked.entity = middles.entity
            and asked.place = middles.place
            and asked.figure = middles.figure
    inner join spreads
        on
            asked.entity = spreads.entity
            and asked.place = spreads.place
            and asked.figure = spreads.figure
)

-- Each z is modified: distance from the median of its 60 sessions in their usual distances.
select
    entity,  -- the ticker then valid
    session_date,
    told_at as known_at,  -- five hours after the close
    count(z) as n_figures,  -- of twelve, that are there
    max(case when figure = 'log_return' then z end) as return_z,  -- of the return, dividends in
    max(case when figure = 'value' then z end) as value_z,  -- of the logarithm of USD traded
    max(case when figure = 'offex_ratio' then z end) as offex_ratio_z,  -- of the share off exchange
    max(case when figure = 'short_sale' then z end) as short_sale_z,  -- of FINRA's share sold short
    max(case when figure = 'offex_balance' then z end)
        as offex_balance_z,  -- of bought less sold in the value off exchange
    max(case when figure = 'blocks' then z end)
        as blocks_z,  -- of prints of a million USD and more in the value off exchange
    max(case when figure = 'calls' then z end) as calls_z,  -- of the logarithm of calls traded
    max(case when figure = 'puts' then z end) as puts_z,  -- of the logarithm of puts traded
    max(case when figure = 'net_premium' then z end)
        as net_premium_z,  -- of bullish less bearish premium in all of it
    max(case when figure = 'vol_oi' then z end)
        as vol_oi_z,  -- of the logarithm of contracts traded for one that was open
    max(case when figure = 'd_oi' then z end)
        as d_oi_z,  -- of the change of open interest that this morning told, in what was open
    max(case when figure = 'd_iv' then z end) as d_iv_z  -- of the change of 30-day volatility
from measured
where z is not null
group by entity, session_date, told_at
