-- rule:    D7
-- what:    What following each manager's filings has brought, beside what following any has.
-- grain:   one row per manager with a portfolio that is over
-- status:  live
-- needs:   all

with followed as (
    select
        cik,
        arg_max(manager, known_at) as manager,
        count(*) as n_portfolios,
        min(entry_date) as first_date,
        max(exit_date) as last_date,
        avg(clone_return) as mean_return,
        avg(excess_return) as mean_excess,
        avg(weighted_return - benchmark_return) as weighted_mean_excess,
        median(excess_return) as median_excess,
        stddev_samp(excess_return) as excess_spread,
        avg(case when excess_return > 0 then 1 else 0 end) as beat_frac,
        exp(sum(ln(1 + clone_return))) - 1 as total_return
    from features.clone_returns
    where clone_return > -1
    group by cik
)

select
    row_number() over (order by followed.mean_excess desc nulls last, followed.cik asc)
        as place,  -- 1 is the best
    count(*) over () as n_managers,  -- all that were tried: the best of many is luck
    followed.cik,
    followed.manager,
    followed.n_portfolios,  -- from one filing to the next
    followed.first_date,  -- session of the first purchase
    followed.last_date,  -- session of the last sale
    round(followed.mean_return, 6) as mean_return,  -- of a portfolio, after costs
    round(followed.mean_excess, 6) as mean_excess,  -- over the benchmark
    round(followed.weighted_mean_excess, 6) as weighted_mean_excess,  -- by its own weights
    round(followed.median_excess, 6) as median_excess,  -- over the benchmark
    round(followed.excess_spread, 6) as excess_spread,  -- deviation; null for one alone
    round(followed.beat_frac, 6) as beat_frac,  -- of the portfolios, that beat the benchmark
    round(followed.total_return, 6) as total_return,  -- of one after the other
    round(avg(followed.mean_excess) over (), 6) as all_mean_excess,  -- of all, winners or not
    sharpes.sharpe,  -- mean_excess over excess_spread; null below four portfolios
    sharpes.luckiest_sharpe,  -- what the best of n_managers has by luck
    sharpes.deflated_sharpe  -- chance that the true sharpe is above that
from followed
left join features.clone_sharpes as sharpes on followed.cik = sharpes.cik
