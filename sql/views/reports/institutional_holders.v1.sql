-- rule:    D3
-- what:    The largest holders of each security in its newest quarter, as it stands.
-- grain:   one row per security (CUSIP) and manager that is among its first 100
-- status:  live

with params as (
    select 100 as n_holders  -- as many as a route of the API shows
),

newest as (
    select
        cusip,
        max(period_end) as period_end
    from features.holder_positions
    where withdrawn_at is null and put_call is null and share_type = 'SH' and shares > 0
    group by cusip
),

held as (
    select
        positions.*,
        row_number() over (
            partition by positions.cusip order by positions.shares desc, positions.cik asc
        ) as place,
        sum(positions.shares) over (partition by positions.cusip) as all_shares
    from features.holder_positions as positions
    inner join newest
        on positions.cusip = newest.cusip and positions.period_end = newest.period_end
    where
        positions.withdrawn_at is null and positions.put_call is null
        and positions.share_type = 'SH' and positions.shares > 0
),

counted as (
    select
        symbol,
        arg_max(shares, struct_pack(as_of := as_of_date, known := known_at)) as shares_outstanding
    from curated.shares_outstanding
    where withdrawn_at is null
    group by symbol
)

select
    held.cusip,
    held.ticker,
    held.issuer,
    held.period_end,
    held.place,  -- 1 holds most
    held.cik,
    held.manager,
    held.shares,
    held.prev_shares,  -- a quarter before, in shares of now; null where it did not report
    held.d_shares,
    held.value_usd,
    held.portfolio_frac,  -- of the manager's table
    round(100 * cast(held.shares as double) / cast(held.all_shares as double), 6)
        as holders_pct,  -- of what all reporting managers hold
    round(100 * cast(held.shares as double) / cast(counted.shares_outstanding as double), 6)
        as company_pct,  -- of the shares outstanding, by the newest count
    held.accession_no,
    held.known_at
from held
cross join params
left join counted on held.ticker = counted.symbol
where held.place <= params.n_holders
