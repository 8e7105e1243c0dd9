-- what:    What a pump's model looks at: how buying changes from chunk to chunk of 25 seconds.
-- grain:   one row per venue, pair and chunk with a buy; each figure is the change, in fractions,
--          of a mean or standard deviation over the chunks with buys of 7 hours since the chunk
--          with buys before; null after 7 hours without one, below two chunks, and from zero
-- status:  live
-- needs:   15h

with chunks as (
    select
        *,
        epoch_us(chunk_at) // 25_000_000 as place,
        cast(rush_orders as double) as rushes,
        cast(n_buys as double) as buys,
        cast(buy_volume as double) as amount,
        cast(sum_buy_price as double) / n_buys as price
    from features.pump_chunks
    where n_buys > 0
),

-- 1,008 chunks are 7 hours, rule book B11.
rolled as (
    select
        *,
        count(*) over newest as n_chunks,
        round(stddev_samp(rushes) over newest, 9) as sd_rushes,
        round(avg(rushes) over newest, 9) as mean_rushes,
        round(stddev_samp(buys) over newest, 9) as sd_buys,
        round(stddev_samp(amount) over newest, 8) as sd_amount,
        round(avg(amount) over newest, 8) as mean_amount,
        round(stddev_samp(price) over newest, 15) as sd_price,
        round(avg(price) over newest, 15) as mean_price,
        round(avg(buy_high) over newest, 15) as mean_high
    from chunks
    window
        newest as (
            partition by venue, pair order by place
            range between 1007 preceding and current row
        )
),

followed as (
    select
        *,
        place - lag(place) over in_order < 1_008 as is_near,
        lag(sd_rushes) over in_order as sd_rushes_before,
        lag(mean_rushes) over in_order as mean_rushes_before,
        lag(sd_buys) over in_order as sd_buys_before,
        lag(sd_amount) over in_order as sd_amount_before,
        lag(mean_amount) over in_order as mean_amount_before,
        lag(sd_price) over in_order as sd_price_before,
        lag(mean_price) over in_order as mean_price_before,
        lag(mean_high) over in_order as mean_high_before
    from rolled
    window in_order as (partition by venue, pair order by place)
)

select
    venue,
    pair,
    chunk_at,  -- the chunk's begin
    chunk_at + interval 25 seconds as known_at,  -- the chunk's end
    rush_orders,
    n_chunks,  -- chunks with buys in the 7 hours to its end
    mean_rushes as avg_rushes,  -- rush orders a chunk in these
    case when is_near then round(sd_rushes / nullif(sd_rushes_before, 0) - 1, 6) end
        as std_rush_orders,  -- change of the standard deviation of rush orders
    case when is_near then round(mean_rushes / nullif(mean_rushes_before, 0) - 1, 6) end
        as avg_rush_orders,  -- change of the mean of rush orders
    case when is_near then round(sd_buys / nullif(sd_buys_before, 0) - 1, 6) end
        as std_trades,  -- change of the standard deviation of the number of buys
    case when is_near then round(sd_amount / nullif(sd_amount_before, 0) - 1, 6) end
        as std_volume,  -- change of the standard deviation of bought base units
    case when is_near then round(mean_amount / nullif(mean_amount_before, 0) - 1, 6) end
        as avg_volume,  -- change of the mean of bought base units
    case when is_near then round(sd_price / nullif(sd_price_before, 0) - 1, 6) end
        as std_price,  -- change of the standard deviation of the buys' mean price
    case when is_near then round(mean_price / nullif(mean_price_before, 0) - 1, 6) end
        as avg_price,  -- change of the mean of the buys' mean price
    case when is_near then round(mean_high / nullif(mean_high_before, 0) - 1, 6) end
        as avg_price_max  -- change of the mean of the highest price bought at
from followed
where chunk_at + interval 25 seconds < (select clock.until from ops.clock as clock)
