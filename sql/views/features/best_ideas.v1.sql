-- rule:    D5, D7
-- what:    What active managers hold most of, and most above the weight that all others give it.
-- grain:   one row per active manager, quarter, version and stock that is among its ten largest or
--          its best idea; tilt is null where the quarter before is not in the store
-- status:  live
-- misses:  a best idea is the largest tilt; what the stock's own volatility would add to it; a
--          weight is that in the disclosed longs

with params as (
    select 10 as n_largest  -- rule book D7
),

-- All managers' common portfolio a quarter before, as it stood when that quarter began to count.
market as (
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
        case
            when quarters.settled_at is not null
                then round(positions.portfolio_frac - coalesce(market.market_frac, 0), 9)
        end as tilt
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
),

ranked as (
    select
        *,
        row_number() over (
            partition by cik, period_end, known_at order by portfolio_frac desc, cusip asc
        ) as weight_place,
        row_number() over (
            partition by cik, period_end, known_at
            order by tilt desc nulls last, portfolio_frac desc, cusip asc
        ) as tilt_place
    from ideas
)

select
    ranked.cik,
    ranked.manager,
    ranked.cusip,
    ranked.ticker,
    ranked.period_end,
    ranked.known_at,
    ranked.withdrawn_at,
    ranked.issuer,
    ranked.shares,
    ranked.prev_shares,
    ranked.value_usd,
    ranked.portfolio_frac as conviction_weight,  -- its part of the manager's disclosed longs
    ranked.prev_portfolio_frac,
    ranked.tilt,  -- that part less the part that all managers gave it a quarter before
    ranked.weight_place,  -- 1 is the largest
    ranked.tilt_place = 1 as is_best_idea,  -- the largest tilt, or position where none is known
    ranked.manager_type,
    ranked.n_positions,
    ranked.accession_no
from ranked
cross join params
where ranked.weight_place <= params.n_largest or ranked.tilt_place = 1
