-- rule:    D5, D7
-- what:    What active managers hold most of, and most above the weight that all others give it.
-- grain:   one row per active manager, quarter, version and stock that is among its ten largest or
--          its best idea; tilt is null where the quarter before is not in the store
-- status:  live
-- misses:  a best idea is the largest tilt; what the stock's own volatility adds to it is in
--          features.idea_risk; a weight is that in the disclosed longs

with params as (
    select 10 as n_largest  -- rule book D7
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
    from features.position_tilts
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
    ranked.weight_ratio,  -- that part by the part that all managers gave it
    ranked.weight_place,  -- 1 is the largest
    ranked.tilt_place = 1 as is_best_idea,  -- the largest tilt, or position where none is known
    ranked.manager_type,
    ranked.n_positions,
    ranked.accession_no
from ranked
cross join params
where ranked.weight_place <= params.n_largest or ranked.tilt_place = 1
