-- rule:    D9
-- what:    Whether insiders of a company rather bought or sold in a month, from -100 to 100.
-- grain:   one row per company and month in which a trade became known, once the month is over in
--          New York; what was amended by then counts as amended
-- status:  live
-- needs:   32d
-- misses:  trades by plans, and at a price that can't be

with trades as (
    select
        *,
        cast(date_trunc('month', available_date) as date) as month_date,
        timezone(
            'America/New_York', date_trunc('month', available_date) + interval 1 month
        ) as ended_at
    from features.insider_trades
    where is_discretionary and is_price_odd is not true
),

summed as (
    select
        cik, month_date, ended_at,
        max(ticker) as ticker,
        max(issuer) as issuer,
        sum(case when side = 1 then shares else 0 end) as buy_shares,
        sum(case when side = -1 then shares else 0 end) as sell_shares,
        round(sum(case when side = 1 then value_usd else 0 end), 2) as buy_usd,
        round(sum(case when side = -1 then value_usd else 0 end), 2) as sell_usd,
        count(distinct case when side = 1 then owner_cik end) as n_buyers,
        count(distinct case when side = -1 then owner_cik end) as n_sellers
    from trades
    where coalesce(ended_at <= withdrawn_at, true)
    group by cik, month_date, ended_at
)

select
    cik,
    ticker,
    issuer,
    month_date,  -- its first day
    round(
        100 * (buy_usd - sell_usd) / nullif(buy_usd + sell_usd, 0), 6
    ) as sentiment,  -- -100 all sold, 100 all bought, by value
    round(
        100 * cast(buy_shares - sell_shares as double)
        / nullif(cast(buy_shares + sell_shares as double), 0), 6
    ) as sentiment_shares,  -- the same by shares
    buy_usd,  -- USD
    sell_usd,  -- USD
    n_buyers,  -- different insiders
    n_sellers,  -- different insiders
    ended_at as known_at  -- when the month was over
from summed
where ended_at < (select clock.until from ops.clock as clock)
