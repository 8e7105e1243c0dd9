-- what:    Every stock that any dataset has named, and which of them have.
-- grain:   one row per symbol in our spelling, BRK.B
-- status:  live

with roots as (
    select distinct left(contract, length(contract) - 15) as root
    from raw.option_trades
    where contract not like '%-%' and length(contract) > 15
),

named as (
    select
        symbol,
        'equity_bars' as dataset
    from raw.equity_bars
    union
    select
        symbol,
        'equity_trades' as dataset
    from raw.equity_trades
    union
    select
        symbol,
        'short_volume' as dataset
    from raw.short_volume
    union
    select
        symbol,
        'short_interest' as dataset
    from raw.short_interest
    union
    select
        symbol,
        'otc_volume' as dataset
    from raw.otc_volume
    union
    select
        symbol,
        'shares_outstanding' as dataset
    from raw.shares_outstanding
    union
    select
        symbol,
        'index_members' as dataset
    from raw.index_members
    union
    select
        ticker as symbol,
        'securities' as dataset
    from raw.securities
    union
    select
        ticker as symbol,
        'tickers' as dataset
    from raw.tickers
    union
    select
        ticker as symbol,
        'issuers' as dataset
    from raw.issuers
    union
    select
        upper(replace(trading_symbol, '-', '.')) as symbol,
        'insider_filings' as dataset
    from raw.insider_filings
    union
    select
        underlying as symbol,
        'option_chains' as dataset
    from raw.option_chains
    union
    select
        coalesce(option_roots.underlying, roots.root) as symbol,
        'option_trades' as dataset
    from roots
    left join raw.option_roots as option_roots on roots.root = option_roots.root
    union
    select
        entity as symbol,
        'alerts' as dataset
    from raw.alerts
    where entity_type = 'underlying'
)

select
    symbol,
    count(*) as n_datasets,  -- that name it
    list_sort(list(dataset)) as datasets  -- as in raw.*
from named
where symbol is not null and symbol <> '' and symbol not like '%:%'
group by symbol
order by symbol asc
