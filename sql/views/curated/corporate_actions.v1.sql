-- what:    Splits and cash dividends, each with its security and the moment it was corrected.
-- grain:   one row per symbol, ex-date, kind and version; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.corporate_actions
    window
        in_order as (
            partition by symbol, ex_date, action order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    versions.symbol,
    coalesce(tickers.security_id, versions.symbol)
        as security_id,  -- outlives its ticker; the symbol where no ticker's story is known
    versions.ex_date,  -- first session that trades without it, or with the new shares
    versions.action,  -- split or dividend
    versions.ratio,  -- of a split: new shares for one old, 7 or 0.1; else null
    versions.amount_usd,  -- of a dividend: USD a share; else null
    versions.known_at,
    versions.replaced_at as withdrawn_at,  -- when it was corrected or taken back
    versions.source
from versions
left join curated.tickers as tickers
    on
        versions.symbol = tickers.ticker
        and versions.ex_date >= tickers.valid_from
        and coalesce(versions.ex_date < tickers.valid_to, true)
        and tickers.withdrawn_at is null
where not versions.is_gone
