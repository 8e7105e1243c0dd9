-- what:    A stock's off-exchange prints of a session in figures: how many, how large, over or
--          under the market, and who began them.
-- grain:   one row per symbol and session with prints off exchange, so far; where no tape is told,
--          FINRA's volume alone, and all that only prints tell is null
-- status:  live
-- needs:   24h

with params as (
    select
        1_000_000 as min_large_usd  -- a large print, rule book C6
),

printed as (
    select
        trades.symbol, trades.session_date,
        max(trades.known_at) as known_at,
        count(*) as n_prints,
        sum(trades.size) as volume,
        sum(trades.value_usd) as value_usd,
        count(trades.prem_bps) as n_priced,
        sum(case when trades.prem_bps > 0 then 1 else 0 end) as n_premium,
        sum(case when trades.prem_bps < 0 then 1 else 0 end) as n_discount,
        sum(case when trades.side = 1 then 1 else 0 end) as n_bull,
        sum(case when trades.side = -1 then 1 else 0 end) as n_bear,
        sum(case when trades.value_usd >= params.min_large_usd then 1 else 0 end) as n_large,
        sum(case when trades.value_usd >= params.min_large_usd then trades.value_usd else 0 end)
            as large_usd
    from curated.equity_trades as trades
    cross join params
    where trades.is_offex and trades.counts_volume and trades.withdrawn_at is null
    group by trades.symbol, trades.session_date
),

told as (
    select
        symbol, session_date, known_at, n_prints, volume, value_usd, n_priced, n_premium,
        n_discount, n_bull, n_bear, n_large, large_usd,
        'prints' as basis
    from printed
    union all by name
    select
        totals.symbol, totals.session_date, totals.known_at,
        totals.offex_volume as volume,
        totals.offex_value_usd as value_usd,
        totals.basis
    from features.off_exchange_sessions as totals
    anti join printed
        on totals.symbol = printed.symbol and totals.session_date = printed.session_date
    where totals.basis = 'totals'
)

select
    symbol,
    session_date,
    known_at,
    basis,  -- prints of the tape, or FINRA's totals
    n_prints,  -- off exchange, of any size
    cast(volume as double) as volume,  -- shares
    round(cast(value_usd as double), 2) as value_usd,  -- null where no close is told with a total
    round(cast(value_usd as double) / nullif(cast(volume as double), 0), 4)
        as mean_price,  -- USD a share, by volume
    round(cast(volume as double) / n_prints, 2) as mean_size,  -- shares a print
    n_priced,  -- beside a quote
    cast(n_premium as bigint) as n_premium,  -- of them, above the middle of bid and ask
    cast(n_discount as bigint) as n_discount,  -- below it
    round(100 * cast(n_premium as double) / nullif(n_priced, 0), 6)
        as premium_pct,  -- above the middle, of those beside a quote
    cast(n_bull as bigint) as n_bull,  -- begun by a buyer
    cast(n_bear as bigint) as n_bear,  -- begun by a seller
    cast(n_prints - n_bull - n_bear as bigint) as n_neutral,  -- of which nobody can say
    round(100 * cast(n_bull as double) / nullif(n_bull + n_bear, 0), 6)
        as bullish_pct,  -- of those that have a side
    cast(n_large as bigint) as n_large,  -- of a million dollars or more
    round(cast(large_usd as double), 2) as large_usd,  -- of these
    round(100 * cast(large_usd as double) / nullif(cast(value_usd as double), 0), 6)
        as large_pct  -- of the value
from told
order by session_date desc, symbol asc
