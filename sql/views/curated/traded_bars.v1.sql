-- what:    Bars of stocks in the prices at which they traded, of several sources the best one's.
-- grain:   one row per symbol, length, begin and version; withdrawn_at is null while it stands; of
--          sources that tell a bar within a day of each other the better one stands, else the later
-- status:  live
-- needs:   1d

-- The rank of sources stands here and nowhere else: prices as traded before adjusted ones, bars
-- before closes alone, then who sees the whole tape.
with ranked as (
    select
        *,
        case when adjusted = 'split' then 10 when adjusted = 'all' then 30 else 0 end
        + case when is_close_only then 20 else 0 end
        + case source
            when 'equity_bars_massive' then 1
            when 'equity_bars_alpaca' then 2
            when 'equity_bars_lean' then 3
            when 'equity_bars_yahoo' then 4
            when 'equity_bars_csv' then 5
            when 'equity_bars_stooq' then 6
            else 0
        end as rank
    from raw.equity_bars
),

compared as (
    select
        *,
        min(rank) over (
            partition by session_date, symbol, bar, starts_at order by known_at
            range between interval 1 day preceding and current row
        ) as best_rank
    from ranked
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from compared
    where rank = best_rank
    window
        in_order as (
            partition by session_date, symbol, bar, starts_at
            order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
),

-- Prices that were divided by later splits are multiplied again; a dividend stays in them.
named as (
    select
        versions.*,
        coalesce(tickers.security_id, versions.symbol) as security_id,
        case
            when versions.adjusted in ('split', 'all')
                then coalesce(own.ratio, 1) / coalesce(told.ratio, 1)
            else 1
        end as back_ratio,
        coalesce(versions.adjusted = 'all', false) as is_full
    from versions
    left join curated.tickers as tickers
        on
            versions.symbol = tickers.ticker
            and versions.session_date >= tickers.valid_from
            and coalesce(versions.session_date < tickers.valid_to, true)
            and tickers.withdrawn_at is null
    left join curated.split_ratios as own
        on
            coalesce(tickers.security_id, versions.symbol) = own.security_id
            and versions.session_date >= own.from_date
            and versions.session_date < own.to_date
    left join curated.split_ratios as told
        on
            coalesce(tickers.security_id, versions.symbol) = told.security_id
            and versions.adjusted_to >= told.from_date
            and versions.adjusted_to < told.to_date
    where not versions.is_gone
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
    cast(volume / back_ratio as decimal(20, 4))
        as volume,  -- shares of that day
    close as told_close,  -- as the source told it
    volume as told_volume,  -- as the source told it
    adjusted,  -- what the source had adjusted it for: none, split or all
    adjusted_to,  -- the last day whose actions it had in
    known_at,
    replaced_at as withdrawn_at,  -- when a correction, or a better source's bar, became known
    source
from named
