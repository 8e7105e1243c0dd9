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
    row_number() over (order by mean_excess desc nulls last, cik asc) as place,  -- 1 is the best
    count(*) over () as n_managers,  -- all that were tried: the best of many is luck
    cik,
    manager,
    n_portfolios,  -- from one filing to the next
    first_date,  -- session of the first purchase
    last_date,  -- session of the last sale
    round(mean_return, 6) as mean_return,  -- of a portfolio, after costs
    round(mean_excess, 6) as mean_excess,  -- over the benchmark
    round(weighted_mean_excess, 6) as weighted_mean_excess,  -- by the filing's own weights
    round(median_excess, 6) as median_excess,  -- over the benchmark
    round(excess_spread, 6) as excess_spread,  -- standard deviation; null for one portfolio
    round(beat_frac, 6) as beat_frac,  -- of the portfolios, that beat the benchmark
    round(total_return, 6) as total_return,  -- of one after the other
    round(avg(mean_excess) over (), 6) as all_mean_excess  -- of all managers, winners or not
from followed
