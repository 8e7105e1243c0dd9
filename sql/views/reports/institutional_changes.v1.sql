-- rule:    D2
-- what:    What each manager changed in its newest quarter, the largest trades first, as it stands.
-- grain:   one row per manager and security that it bought or sold, its first 100
-- status:  live

with params as (
    select 100 as n_changes  -- a page
),

newest as (
    select
        cik,
        max(period_end) as period_end
    from features.holder_changes
    where withdrawn_at is null
    group by cik
),

changed as (
    select
        changes.*,
        row_number() over (
            partition by changes.cik
            order by
                abs(changes.trade_effect_usd) desc nulls last, changes.cusip asc,
                changes.put_call asc nulls first, changes.share_type asc
        ) as place
    from features.holder_changes as changes
    inner join newest on changes.cik = newest.cik and changes.period_end = newest.period_end
    where changes.withdrawn_at is null and changes.holder_change <> 'unchanged'
)

select
    changed.cik,
    changed.manager,
    changed.period_end,
    changed.place,  -- 1 traded most, in USD
    changed.cusip,
    changed.ticker,
    changed.issuer,
    changed.put_call,
    changed.share_type,
    changed.holder_change,  -- new, increased, decreased or sold_out
    changed.shares,
    changed.prev_shares,
    changed.d_shares,
    changed.change_frac,
    changed.value_usd,
    changed.trade_effect_usd,
    changed.price_effect_usd,
    changed.portfolio_frac,
    changed.prev_portfolio_frac,
    changed.accession_no,
    changed.known_at
from changed
cross join params
where changed.place <= params.n_changes
