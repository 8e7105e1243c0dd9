-- rule:    D9
-- what:    What insiders of a company bought less what they sold in 30 and 90 days, as then known.
-- grain:   one row per company and moment at which a purchase or a sale became known; days are
--          those on which trades became known, in New York; market_cap_usd and what is made of it
--          are null where no shares outstanding, or no close of ten days, were known
-- status:  live
-- needs:   91d, 11d of curated.equity_bars
-- misses:  trades by plans, and at a price that can't be; the worth of a company whose shares were
--          split since they were counted is too small or too large

with params as (
    select
        interval 29 days as max_days,  -- and the day itself; rule book D9
        interval 89 days as max_long_days,  -- and the day itself; rule book D9
        interval 10 days as max_close_age  -- an older price is no price
),

trades as (
    select
        trades.*,
        params.max_days, params.max_long_days, params.max_close_age
    from features.insider_trades as trades
    cross join params
    where trades.is_price_odd is not true
),

moments as (
    select
        cik, known_at, available_date, max_days, max_long_days, max_close_age,
        min(accession_no) as accession_no,
        max(ticker) as ticker,
        max(issuer) as issuer,
        max(case when side = 1 and is_discretionary then 1 else 0 end) = 1 as is_buy,
        max(case when side = -1 and is_discretionary then 1 else 0 end) = 1 as is_sell
    from trades
    group by cik, known_at, available_date, max_days, max_long_days, max_close_age
),

-- One row per form, insider and side, beside the quarter of its day and beside the next: a join
-- finds what is near without looking at all of a company's years.
forms as (
    select
        cik, owner_cik, side, is_discretionary, available_date, known_at, withdrawn_at,
        date_diff('day', date '1970-01-01', available_date) // 90 as stretch,
        sum(value_usd) as value_usd
    from trades
    group by
        cik, owner_cik, side, is_discretionary, available_date, known_at, withdrawn_at, stretch
),

near as (
    select * from forms
    union all
    select * replace (stretch + 1 as stretch) from forms
),

stood as (
    select
        moments.cik, moments.known_at,
        near.owner_cik, near.side, near.value_usd, near.is_discretionary,
        moments.available_date - moments.max_days <= near.available_date as is_near
    from moments
    inner join near
        on
            moments.cik = near.cik
            and date_diff('day', date '1970-01-01', moments.available_date) // 90 = near.stretch
            and moments.known_at >= near.known_at
            and moments.available_date - moments.max_long_days <= near.available_date
            and coalesce(moments.known_at < near.withdrawn_at, true)
),

summed as (
    select
        cik, known_at,
        sum(case when is_near and is_discretionary and side = 1 then value_usd else 0 end)
            as buy_30d_usd,
        sum(case when is_near and is_discretionary and side = -1 then value_usd else 0 end)
            as sell_30d_usd,
        sum(case when is_discretionary then side * value_usd else 0 end) as net_90d_usd,
        sum(case when is_near then side * value_usd else 0 end) as all_net_30d_usd,
        sum(side * value_usd) as all_net_90d_usd,
        count(distinct case when is_near and is_discretionary and side = 1 then owner_cik end)
            as n_buyers_30d,
        count(distinct case when is_near and is_discretionary and side = -1 then owner_cik end)
            as n_sellers_30d
    from stood
    group by cik, known_at
),

counts as (
    select
        moments.cik, moments.known_at,
        arg_max(counted.shares, counted.as_of_date) as shares
    from moments
    inner join curated.shares_outstanding as counted
        on
            moments.ticker = counted.symbol
            and moments.known_at >= counted.known_at
            and coalesce(moments.known_at < counted.withdrawn_at, true)
    group by moments.cik, moments.known_at
),

closes as (
    select
        moments.cik, moments.known_at,
        arg_max(bars.close, struct_pack(day := bars.session_date, at := bars.known_at)) as close
    from moments
    inner join curated.equity_bars as bars
        on
            moments.ticker = bars.symbol
            and moments.known_at >= bars.known_at
            and moments.known_at <= bars.known_at + moments.max_close_age
            and coalesce(moments.known_at < bars.withdrawn_at, true)
    where bars.bar = '1d' and bars.close is not null
    group by moments.cik, moments.known_at
),

valued as (
    select
        moments.*,
        round(summed.buy_30d_usd, 2) as buy_30d_usd,
        round(summed.sell_30d_usd, 2) as sell_30d_usd,
        round(summed.buy_30d_usd - summed.sell_30d_usd, 2) as net_30d_usd,
        round(summed.net_90d_usd, 2) as net_90d_usd,
        round(summed.all_net_30d_usd, 2) as all_net_30d_usd,
        round(summed.all_net_90d_usd, 2) as all_net_90d_usd,
        summed.n_buyers_30d, summed.n_sellers_30d,
        round(cast(counts.shares as double) * cast(closes.close as double), 2) as market_cap_usd
    from moments
    inner join summed on moments.cik = summed.cik and moments.known_at = summed.known_at
    left join counts on moments.cik = counts.cik and moments.known_at = counts.known_at
    left join closes on moments.cik = closes.cik and moments.known_at = closes.known_at
)

select
    cik,
    ticker,
    issuer,
    known_at,
    available_date,
    accession_no,  -- of the form that became known then
    is_buy,  -- what became known then has a purchase at an insider's discretion
    is_sell,  -- what became known then has a sale at an insider's discretion
    net_30d_usd,  -- USD bought less sold at the insiders' discretion
    net_90d_usd,  -- USD bought less sold at the insiders' discretion
    buy_30d_usd,  -- USD bought at the insiders' discretion
    sell_30d_usd,  -- USD
    n_buyers_30d,  -- different insiders
    n_sellers_30d,  -- different insiders
    all_net_30d_usd,  -- USD, with what plans did
    all_net_90d_usd,  -- USD, with what plans did
    market_cap_usd,  -- of this class of shares, at the last close
    round(10_000 * net_30d_usd / nullif(market_cap_usd, 0), 6)
        as net_30d_bps,  -- of the company's worth
    round(10_000 * net_90d_usd / nullif(market_cap_usd, 0), 6)
        as net_90d_bps  -- of the company's worth
from valued
