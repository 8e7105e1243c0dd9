-- what:    Prices of what is on a watch list, minute by minute, as they were told in time.
-- grain:   one row per symbol and minute, or per session of which no minute was told; a pair's
--          session is the UTC day; none of sessions that were over before the span
-- scope:   symbol of curated.watchlists
-- scaled:  price, price_full
-- status:  live
-- needs:   8h

with params as (
    select
        interval 4 minutes as max_delay,  -- an older minute is no price of now, rule book F1
        interval 1 hour as max_day_delay,  -- of a session's own bar, by the slowest source
        interval 10 seconds as max_trade_delay  -- of a venue's trades after their minute; a guess
),

-- Whoever is off a list now was on it at a moment of the span.
watched as (
    select distinct
        symbol,
        split_part(symbol, ':', 1) as venue,
        split_part(symbol, ':', 2) as pair
    from curated.watchlists
),

-- A session's own bar may be told within an hour of its end.
sessions as (
    select sessions.*
    from curated.us_sessions as sessions
    cross join ops.clock as clock
    where sessions.closes_at >= clock.since - interval 2 hours
),

told as (
    select
        bars.symbol, bars.session_date, bars.bar, bars.starts_at, bars.known_at,
        bars.close_split as price,
        bars.close_full as price_full,
        sessions.opens_at, sessions.previous_date,
        row_number() over (
            partition by bars.session_date, bars.symbol, bars.bar, bars.starts_at
            order by bars.known_at, bars.source
        ) as nth
    from curated.equity_bars as bars
    cross join params
    inner join watched on bars.symbol = watched.symbol
    inner join sessions on bars.session_date = sessions.session_date
    where
        bars.close_split is not null
        and bars.starts_at >= sessions.opens_at
        and bars.starts_at < sessions.closes_at
        and (
            (bars.bar = '1m' and bars.known_at <= bars.starts_at + params.max_delay)
            or (bars.bar = '1d' and bars.known_at <= sessions.closes_at + params.max_day_delay)
        )
),

trades as (
    select
        watched.symbol,
        date_trunc('minute', trades.traded_at) as starts_at,
        trades.price, trades.known_at, params.max_trade_delay,
        struct_pack(at := trades.traded_at, n := trades.sequence, id := trades.trade_id) as place
    from raw.crypto_trades as trades
    cross join params
    inner join watched on trades.venue = watched.venue and trades.pair = watched.pair
    where not trades.is_gone
),

coins as (
    select
        symbol, starts_at,
        starts_at + interval 1 minute + max_trade_delay as known_at,
        arg_max(price, place) as price
    from trades
    where known_at < starts_at + interval 1 minute + max_trade_delay
    group by symbol, starts_at, max_trade_delay
),

-- A session's own bar begins as its first minute does, so it comes after none of them.
ordered as (
    select
        symbol, session_date, bar, starts_at, known_at, price, price_full, opens_at, previous_date
    from told
    where nth = 1
    union all
    select
        symbol,
        cast(timezone('UTC', starts_at) as date) as session_date,
        '1m' as bar,
        starts_at, known_at, price,
        price as price_full,
        date_trunc('day', starts_at) as opens_at,
        cast(timezone('UTC', starts_at) as date) - 1 as previous_date
    from coins
    where known_at < (select clock.until from ops.clock as clock)
)

select
    symbol,
    session_date,
    bar,  -- 1m, or 1d where no minute of the session was told
    starts_at,
    known_at,
    price,  -- USD for one share of the span's end; of a pair its quote currency
    price_full,  -- dividends taken off too; null where one can't be
    opens_at,  -- of the session
    previous_date  -- the session before
from ordered
window
    in_order as (
        partition by symbol, session_date order by known_at, starts_at
        rows between unbounded preceding and 1 preceding
    )
qualify coalesce(starts_at > max(starts_at) over in_order, true)
