-- what:    Bars of stocks in the prices at which they traded, of several sources the best one's.
-- grain:   one row per symbol, length, begin and version; withdrawn_at is null while it stands
-- status:  live
-- needs:   0s

-- Prices that were divided by later splits are multiplied again; a dividend stays in them.
with backed as (
    select
        bars.*,
        coalesce(own.ratio, 1) / coalesce(told.ratio, 1) as back_ratio,
        coalesce(bars.adjusted = 'all', false) as is_full
    from curated.told_bars as bars
    left join curated.split_ratios as own
        on
            bars.security_id = own.security_id
            and bars.session_date >= own.from_date
            and bars.session_date < own.to_date
    left join curated.split_ratios as told
        on
            bars.security_id = told.security_id
            and bars.shares_date >= told.from_date
            and bars.shares_date < told.to_date
)

select
    symbol,
    bar,  -- 1m or 1d
    starts_at,
    session_date,
    security_id,  -- outlives its ticker; the symbol where no ticker's story is known
    case when not is_full then cast(open * back_ratio as decimal(18, 8)) end
        as open,  -- USD, as it traded; null in a bar of a close alone
    case when not is_full then cast(high * back_ratio as decimal(18, 8)) end as high,
    case when not is_full then cast(low * back_ratio as decimal(18, 8)) end as low,
    case when not is_full then cast(close * back_ratio as decimal(18, 8)) end
        as close,  -- null where the source has adjusted it for dividends
    cast(volume / back_ratio as decimal(20, 4)) as volume,  -- shares of that day
    close as told_close,  -- as the source told it
    volume as told_volume,  -- as the source told it
    adjusted,  -- what the source had adjusted it for: none, split or all
    shares_date,  -- the day in whose shares the source told it
    known_at,
    withdrawn_at,  -- when a correction, or a better source's bar, became known
    source
from backed
