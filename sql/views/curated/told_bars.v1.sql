-- what:    Bars of stocks as their sources tell them, of several sources the best one's.
-- grain:   one row per symbol, length, begin and version; withdrawn_at is null while it stands; of
--          sources that tell a bar within an hour of each other the better one stands, else the
--          later
-- status:  live
-- needs:   1h

-- The rank of sources stands here and nowhere else: prices as traded before adjusted ones, bars
-- before closes alone, then who sees the whole tape.
with ranked as (
    select
        *,
        case when adjusted = 'split' then 10 when adjusted = 'all' then 30 else 0 end
        + case when is_close_only then 20 else 0 end
        + case source
            when 'massive_equity_bars' then 1
            when 'massive_equity_days' then 1
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
            range between interval 1 hour preceding and current row
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
)

select
    versions.symbol,
    versions.bar,  -- 1m or 1d
    versions.starts_at,
    versions.session_date,
    coalesce(tickers.security_id, versions.symbol)
        as security_id,  -- outlives its ticker; the symbol where no ticker's story is known
    versions.open,  -- USD; null in a bar of a close alone
    versions.high,
    versions.low,
    versions.close,
    versions.volume,  -- in the shares of shares_date
    versions.adjusted,  -- what the source had adjusted it for: none, split or all
    coalesce(versions.adjusted_to, versions.session_date)
        as shares_date,  -- the day in whose shares prices and volume are
    versions.known_at,
    versions.replaced_at
        as withdrawn_at,  -- when a correction, or a better source's bar, became known
    versions.source
from versions
left join curated.tickers as tickers
    on
        versions.symbol = tickers.ticker
        and versions.session_date >= tickers.valid_from
        and coalesce(versions.session_date < tickers.valid_to, true)
        and tickers.withdrawn_at is null
where not versions.is_gone
