-- rule:    D5, D7
-- what:    What active managers hold most of and most above all others, by its newest report.
-- grain:   one row per active manager and stock that is among its ten largest or its best idea
-- status:  live

with newest as (
    select
        cik,
        max(period_end) as period_end
    from features.best_ideas
    where withdrawn_at is null
    group by cik
)

select
    ideas.cik,
    ideas.manager,
    ideas.manager_type,
    ideas.period_end,
    ideas.weight_place,  -- 1 is the largest
    ideas.is_best_idea,
    ideas.cusip,
    ideas.ticker,
    ideas.issuer,
    ideas.conviction_weight,
    ideas.prev_portfolio_frac,
    ideas.tilt,
    ideas.weight_ratio,
    ideas.shares,
    ideas.prev_shares,
    ideas.value_usd,
    ideas.n_positions,
    ideas.accession_no,
    ideas.known_at
from features.best_ideas as ideas
inner join newest on ideas.cik = newest.cik and ideas.period_end = newest.period_end
where ideas.withdrawn_at is null
