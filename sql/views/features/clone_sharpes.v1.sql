-- rule:    D7
-- what:    How likely a manager's clones have skill: Sharpe ratios of what they brought over the
--          benchmark, held against the luckiest of as many managers without any.
-- grain:   one row per manager with four portfolios that are over
-- status:  live
-- needs:   all

-- Deflation after Bailey and Lopez de Prado (2014); normal tails after Abramowitz and Stegun,
-- 26.2.17, and their inverse after 26.2.23 with a step of Newton's: both to four digits.
with params as (
    select
        4 as min_portfolios,  -- a year of filings; of fewer, skew and kurtosis say nothing
        0.5772156649 as euler  -- Euler's constant, of how largest draws lie
),

apart as (
    select
        cik, excess_return,
        excess_return - avg(excess_return) over (partition by cik) as difference
    from features.clone_returns
    where clone_return > -1 and excess_return is not null
),

measured as (
    select
        apart.cik,
        count(*) as n_portfolios,
        avg(apart.excess_return) / nullif(stddev_samp(apart.excess_return), 0) as sharpe,
        avg(power(apart.difference, 3))
        / nullif(power(avg(power(apart.difference, 2)), 1.5), 0) as skew,
        avg(power(apart.difference, 4))
        / nullif(power(avg(power(apart.difference, 2)), 2), 0) as kurtosis
    from apart
    cross join params
    group by apart.cik
    having count(*) >= any_value(params.min_portfolios)
),

tried as (
    select
        (select count(distinct cik) from apart) as n_managers,
        (select stddev_samp(sharpe) from measured) as spread
),

-- The largest of n normal draws lies, nearly, between their quantiles 1 - 1 / n and 1 - 1 / n e.
tails as (
    select
        1 - params.euler as weight,
        1.0 / tried.n_managers as beyond
    from tried
    cross join params
    where tried.n_managers > 1
    union all
    select
        params.euler as weight,
        1 / (tried.n_managers * exp(1)) as beyond
    from tried
    cross join params
    where tried.n_managers > 1
),

roots as (
    select
        weight, beyond,
        sqrt(-2 * ln(beyond)) as root
    from tails
),

guesses as (
    select
        weight, beyond,
        root - (2.515517 + root * (0.802853 + root * 0.010328))
        / (1 + root * (1.432788 + root * (0.189269 + root * 0.001308))) as guess
    from roots
),

steps as (
    select
        weight, beyond, guess,
        exp(-guess * guess / 2) / sqrt(2 * pi()) as density,
        1 / (1 + 0.2316419 * guess) as step
    from guesses
),

luckiest as (
    select
        sum(weight * (
            guess
            + step * (0.31938153 + step * (-0.356563782 + step * (
                1.781477937 + step * (-1.821255978 + step * 1.330274429)
            )))
            - beyond / density
        )) as largest
    from steps
),

-- How many deviations a Sharpe ratio lies above the luckiest one.
held as (
    select
        measured.*,
        tried.n_managers,
        1 - measured.skew * measured.sharpe
        + (measured.kurtosis - 1) / 4 * power(measured.sharpe, 2) as variance,
        case when tried.n_managers > 1 then tried.spread * luckiest.largest else 0 end
            as luckiest_sharpe
    from measured
    cross join tried
    cross join luckiest
),

placed as (
    select
        *,
        (sharpe - luckiest_sharpe) * sqrt(n_portfolios - 1)
        / sqrt(case when variance > 0 then variance end) as place
    from held
),

odds as (
    select
        *,
        1 / (1 + 0.2316419 * abs(place)) as step
    from placed
),

chances as (
    select
        *,
        exp(-place * place / 2) / sqrt(2 * pi())
        * step * (0.31938153 + step * (-0.356563782 + step * (
            1.781477937 + step * (-1.821255978 + step * 1.330274429)
        ))) as tail
    from odds
)

select
    cik,
    n_portfolios,  -- from one filing to the next
    n_managers,  -- that were tried, with fewer portfolios too
    round(sharpe, 6) as sharpe,  -- mean over deviation of excess returns, of one portfolio
    round(skew, 6) as skew,  -- of the excess returns
    round(kurtosis, 6) as kurtosis,  -- 3 of a normal distribution
    round(luckiest_sharpe, 4) as luckiest_sharpe,  -- what the best of n_managers has by luck
    round(case when place > 0 then 1 - tail else tail end, 4)
        as deflated_sharpe  -- chance that its true one is above luckiest_sharpe
from chances
