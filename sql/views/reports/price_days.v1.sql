-- what:    A stock's sessions in prices, split-adjusted, each with its change since the one before.
-- grain:   one row per symbol and session, as it stands at the span's end; a session that has no
--          daily bar yet is the sum of its minutes so far
-- status:  live
-- needs:   1 session

with bars as (
    select
        *,
        close_split / nullif(cast(close as double), 0) as to_split
    from curated.equity_bars
    where withdrawn_at is null
),

whole as (
    select * from bars
    where bar = '1d'
),

minutes as (
    select
        bars.symbol, bars.session_date,
        max(bars.known_at) as known_at,
        arg_min(cast(bars.open as double) * bars.to_split, bars.starts_at) as open,
        max(cast(bars.high as double) * bars.to_split) as high,
        min(cast(bars.low as double) * bars.to_split) as low,
        arg_max(bars.close_split, bars.starts_at) as close,
        sum(bars.volume_split) as volume
    from bars
    anti join whole
        on bars.symbol = whole.symbol and bars.session_date = whole.session_date
    where bars.bar = '1m'
    group by bars.symbol, bars.session_date
),

days as (
    select
        symbol, session_date, known_at,
        cast(open as double) * to_split as open,
        cast(high as double) * to_split as high,
        cast(low as double) * to_split as low,
        coalesce(close_split, close_full) as close,
        volume_split as volume,
        true as is_whole
    from whole
    union all by name
    select
        *,
        false as is_whole
    from minutes
)

select
    symbol,
    session_date,
    known_at,  -- when the newest of its bars became known
    round(open, 6) as open,  -- USD for one share of the span's end; null in a bar of a close alone
    round(high, 6) as high,
    round(low, 6) as low,
    round(close, 6) as close,  -- of a session under way the newest price
    round(volume, 0) as volume,  -- in shares of the span's end
    round(close - lag(close) over in_order, 6) as change_usd,  -- since the close before
    round(100 * (close / nullif(lag(close) over in_order, 0) - 1), 6)
        as change_pct,  -- since the close before
    is_whole  -- false: of minutes, the session may be under way
from days
window in_order as (partition by symbol order by session_date)
