-- what:    The market's short-sale share of off-exchange volume, weighted by dollars.
-- grain:   one row per session and universe: `all` stocks that have a bar, and the members of each
--          index that is told; published for an index, about 0.40 to 0.48
-- status:  live
-- needs:   1d

with priced as (
    select
        facts.session_date, facts.known_at, facts.symbol,
        cast(
            round(facts.short_sale_frac * facts.offex_volume * facts.close_usd, 6)
            as decimal(38, 6)
        ) as short_usd,
        cast(round(facts.offex_volume * facts.close_usd, 6) as decimal(38, 6)) as total_usd,
        cast(
            round(facts.short_sale_frac * facts.offex_volume, 6) as decimal(38, 6)
        ) as short_volume,
        cast(facts.offex_volume as decimal(38, 6)) as total_volume
    from features.off_exchange_sessions as facts
    where
        facts.basis = 'totals' and facts.close_usd is not null
        and facts.short_sale_frac is not null
),

placed as (
    select
        'all' as universe,
        *
    from priced
    union all
    select
        members.index_name as universe,
        priced.*
    from priced
    inner join curated.index_members as members
        on
            priced.symbol = members.symbol
            and priced.session_date >= members.from_date
            and coalesce(priced.session_date < members.to_date, true)
            and priced.known_at >= members.known_at
            and coalesce(priced.known_at < members.withdrawn_at, true)
)

select
    session_date,
    known_at,
    universe,  -- an index by its name, SP500; all: whatever FINRA and bars tell together
    round(cast(sum(short_usd) as double) / nullif(cast(sum(total_usd) as double), 0), 6)
        as dix,  -- short over all off-exchange volume, each share at its close
    round(cast(sum(short_volume) as double) / nullif(cast(sum(total_volume) as double), 0), 6)
        as share_of_volume,  -- the same by shares alone, without their prices
    count(*) as n_stocks,  -- that count
    round(cast(sum(total_usd) as double), 2) as total_usd  -- off exchange, each share at its close
from placed
group by session_date, known_at, universe
