-- rule:    D1
-- what:    Each manager's portfolio of each quarter, as it stands, beside the quarter before.
-- grain:   one row per manager, quarter and security (CUSIP, put_call, share_type) that it holds,
--          or held a quarter before
-- status:  live

with placed as (
    select
        *,
        max(period_end) over (partition by cik) as newest_period_end,
        row_number() over (
            partition by cik, period_end
            order by value_usd desc, cusip asc, put_call asc nulls first, share_type asc
        ) as place,
        row_number() over holders as holder_place,
        sum(shares) over (partition by cusip, period_end, put_call, share_type) as all_shares
    from features.holder_positions
    where withdrawn_at is null
    window holders as (
        partition by cusip, period_end, put_call, share_type order by shares desc, cik asc
    )
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
    placed.cik,
    placed.manager,
    placed.period_end,
    placed.period_end = placed.newest_period_end as is_newest,  -- the manager's newest quarter
    placed.cusip,
    placed.ticker,
    placed.issuer,
    placed.put_call,
    placed.share_type,
    placed.place,  -- 1 is the portfolio's largest position
    placed.holder_place,  -- 1 holds most of the security at that quarter's end
    placed.shares,  -- at the quarter's end; principal in USD where share_type is PRN
    placed.prev_shares,  -- a quarter before, in shares of now; null where it did not report
    placed.d_shares,
    placed.value_usd,
    placed.trade_effect_usd,  -- change of shares at the mean of both ends' prices
    placed.portfolio_frac,  -- of the manager's table
    placed.prev_portfolio_frac,
    round(cast(placed.shares as double) / nullif(cast(placed.all_shares as double), 0), 9)
        as holders_frac,  -- of what all reporting managers hold of it
    case
        when placed.share_type = 'SH' and placed.put_call is null
            then
                round(
                    cast(placed.shares as double) / nullif(counted.shares_outstanding, 0), 9
                )
    end as company_frac,  -- of the shares outstanding, by the newest count
    placed.is_partial,
    placed.accession_no,
    placed.known_at
from placed
left join counted on placed.ticker = counted.symbol
