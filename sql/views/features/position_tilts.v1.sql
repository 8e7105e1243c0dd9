-- rule:    D5
-- what:    How much more of their portfolios active managers give to each stock than all others do.
-- grain:   one row per active manager, quarter, version and stock; tilt is null where the quarter
--          before is not in the store
-- status:  live
-- misses:  a weight is that in the disclosed longs

-- All managers' common portfolio a quarter before, as it stood when that quarter began to count.
with market as (
    select
        cusip, period_end, known_at,
        value_usd / nullif(sum(value_usd) over whole, 0) as market_frac,
        sum(value_usd) over whole as market_usd
    from features.holder_sessions
    where is_first_settled
    window whole as (partition by period_end)
),

quarters as (
    select
        period_end,
        max(known_at) as settled_at
    from market
    group by period_end
),

ideas as (
    select
        positions.cik, positions.manager, positions.cusip, positions.ticker, positions.issuer,
        positions.period_end, positions.known_at, positions.withdrawn_at, positions.shares,
        positions.prev_shares, positions.value_usd, positions.portfolio_frac,
        positions.prev_portfolio_frac, positions.accession_no, managers.manager_type,
        managers.n_positions,
        case when quarters.settled_at is not null then coalesce(market.market_frac, 0) end
            as market_frac
    from features.holder_positions as positions
    inner join features.manager_reports as managers
        on
            positions.cik = managers.cik
            and positions.period_end = managers.period_end
            and positions.known_at = managers.known_at
    left join quarters
        on
            positions.previous_period_end = quarters.period_end
            and positions.known_at >= quarters.settled_at
    left join market
        on quarters.period_end = market.period_end and positions.cusip = market.cusip
    where
        managers.is_active and positions.shares > 0
        and positions.put_call is null and positions.share_type = 'SH'
)

select
    cik,
    manager,
    cusip,
    ticker,
    period_end,
    known_at,
    withdrawn_at,
    issuer,
    shares,
    prev_shares,
    value_usd,
    portfolio_frac,  -- of the table's value
    prev_portfolio_frac,
    market_frac,  -- of all managers' tables a quarter before; 0 where nobody held it
    round(portfolio_frac - market_frac, 9) as tilt,  -- that part less the one of all managers
    round(portfolio_frac / nullif(market_frac, 0), 6)
        as weight_ratio,  -- the one by the other; null where nobody held it
    manager_type,
    n_positions,
    accession_no
from ideas
