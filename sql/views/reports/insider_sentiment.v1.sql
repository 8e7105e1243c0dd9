-- what:    Whether insiders of each company rather bought or sold, month by month.
-- grain:   one row per company and month that is over
-- status:  live
-- needs:   0s

select
    coalesce(ticker, 'cik:' || cik) as entity,  -- the ticker, else the company's number
    issuer,
    month_date,
    sentiment,
    sentiment_shares,
    round(buy_usd - sell_usd, 2) as net_usd,  -- USD bought less sold
    buy_usd,
    sell_usd,
    n_buyers,
    n_sellers,
    known_at,
    cik
from features.insider_sentiment
order by month_date desc, entity asc, cik asc
