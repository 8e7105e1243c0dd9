-- rule:    F2
-- what:    What a stock or an index was worth at the end of each session, as it was first told.
-- grain:   one row per symbol and session; of bars, or of the spot in option chains where the
--          symbol has no daily bar in the span; nothing that was told after the next session opened
-- status:  live
-- needs:   0s
-- misses:  a correction of a close, which is no price that could have been had

with hours as (
    select
        session_date, sequence, opens_at, closes_at,
        lead(opens_at) over (order by sequence) as next_opens_at
    from curated.us_sessions
),

-- A source that tells prices after dividends alone is better than none, where none is better.
bars as (
    select
        symbol, security_id, session_date, known_at,
        source as teller,
        coalesce(cast(close as double), close_full) as traded_price,
        case
            when count(close_split) over (partition by symbol) > 0 then close_split
            else close_full
        end as price
    from curated.equity_bars
    where bar = '1d'
),

quoted as (
    select
        underlying as symbol,
        session_date, known_at,
        max(source) as teller,
        cast(median(underlying_price) as double) as spot
    from raw.option_chains
    where calendar = 'XNYS' and not is_gone and underlying_price > 0
    group by underlying, session_date, known_at
),

spots as (
    select
        quoted.symbol, quoted.session_date, quoted.known_at, quoted.teller,
        quoted.spot as traded_price,
        coalesce(tickers.security_id, quoted.symbol) as security_id
    from quoted
    left join curated.tickers as tickers
        on
            quoted.symbol = tickers.ticker
            and quoted.session_date >= tickers.valid_from
            and coalesce(quoted.session_date < tickers.valid_to, true)
            and tickers.withdrawn_at is null
    where quoted.symbol not in (select bars.symbol from bars)
),

told as (
    select
        'stock' as kind,
        symbol, security_id, session_date, known_at, teller, traded_price, price
    from bars
    where price > 0
    union all by name
    select
        'spot' as kind,
        spots.*,
        round(spots.traded_price / coalesce(splits.ratio, 1), 9) as price
    from spots
    left join curated.split_ratios as splits
        on
            spots.security_id = splits.security_id
            and spots.session_date >= splits.from_date
            and spots.session_date < splits.to_date
),

first_told as (
    select
        told.*,
        hours.sequence, hours.closes_at,
        row_number() over (
            partition by told.symbol, told.session_date order by told.known_at, told.teller
        ) as nth
    from told
    inner join hours on told.session_date = hours.session_date
    where
        told.known_at >= hours.opens_at
        and coalesce(told.known_at < hours.next_opens_at, true)
)

select
    symbol as entity,  -- the ticker valid then
    security_id,  -- outlives its ticker: what one series is of
    kind,  -- stock of daily bars, spot of option chains
    'session' as bar,  -- always session
    session_date,  -- the session
    sequence as place,  -- counts the sessions of New York
    closes_at as bar_at,  -- the session's end
    price,  -- USD for one share of the span's end; of an index its points
    traded_price,  -- as it traded that day
    known_at  -- when it was first told
from first_told
where nth = 1
