-- what:    Prices at which most of a stock was printed off exchange.
-- grain:   one row per symbol and range of prices in which something was printed in the span; the
--          ranges have round edges, 10 to 25 bps apart; prices as traded, before later splits
-- status:  live
-- needs:   0s

with params as (
    select
        25 as max_width_bps  -- a level holds what a day's drift spreads over a few cents
),

prints as (
    select
        trades.symbol, trades.size, trades.value_usd, trades.side, trades.traded_at,
        trades.known_at, trades.is_price_informative,
        cast(trades.price as double) as price,
        trades.venue || ':' || trades.trade_id as print_id,
        pow(10, floor(round(log10(cast(trades.price as double)), 9))) as decade,
        params.max_width_bps / 10_000.0 as width_frac
    from curated.equity_trades as trades
    cross join params
    where
        trades.is_offex
        and trades.counts_volume
        and trades.withdrawn_at is null
        and trades.price > 0
),

stepped as (
    select
        *,
        decade * width_frac * case
            when price < 2 * decade then 1
            when price < 5 * decade then 2
            else 4
        end as step
    from prints
),

placed as (
    select
        *,
        cast(floor(round(price / step, 6)) as bigint) as level_number
    from stepped
),

lasts as (
    select
        symbol,
        arg_max(price, struct_pack(at := traded_at, id := print_id)) as last_price
    from prints
    where is_price_informative
    group by symbol
),

levels as (
    select
        symbol, step, level_number,
        max(known_at) as known_at,
        max(traded_at) as last_traded_at,
        count(*) as n_prints,
        sum(size) as volume,
        sum(value_usd) as value_usd,
        max(value_usd) as largest_usd,
        sum(case when side = 1 then value_usd else 0 end) as bull_usd,
        sum(case when side = -1 then value_usd else 0 end) as bear_usd
    from placed
    group by symbol, step, level_number
)

select
    levels.symbol,
    row_number() over by_value as place,  -- 1 has the most value of its symbol
    round(levels.level_number * levels.step, 6) as price_from,  -- USD, the range's begin
    round((levels.level_number + 1) * levels.step, 6) as price_to,  -- USD, its end, not in it
    levels.n_prints,  -- off exchange, of any size
    cast(levels.volume as double) as volume,  -- shares
    round(cast(levels.value_usd as double), 2) as value_usd,  -- price and size
    round(
        cast(levels.value_usd as double)
        / nullif(cast(sum(levels.value_usd) over of_symbol as double), 0), 9
    ) as share_frac,  -- of all that was printed of it in the span, 0 to 1
    round(cast(levels.bull_usd as double), 2) as bull_usd,  -- begun by buyers
    round(cast(levels.bear_usd as double), 2) as bear_usd,  -- begun by sellers
    round(cast(levels.largest_usd as double), 2) as largest_usd,  -- of one print
    round(100 * ((levels.level_number + 0.5) * levels.step / lasts.last_price - 1), 6)
        as dist_pct,  -- of the range's middle from the last print's price; below 0 under it
    levels.last_traded_at,  -- of its newest print
    levels.known_at
from levels
left join lasts on levels.symbol = lasts.symbol
window
    of_symbol as (partition by levels.symbol),
    by_value as (
        partition by levels.symbol order by levels.value_usd desc, levels.level_number asc
    )
order by levels.symbol asc, place asc
