-- rule:    D2
-- what:    What each manager bought and sold in each quarter, as it stands.
-- grain:   one row per manager, quarter and security (CUSIP, put_call, share_type) that changed, of
--          managers that reported both quarters
-- status:  live

select
    cik,
    manager,
    period_end,
    period_end = max(period_end) over (partition by cik) as is_newest,  -- the manager's newest
    cusip,
    ticker,
    issuer,
    put_call,
    share_type,
    holder_change,  -- new, increased, decreased or sold_out
    shares,
    prev_shares,
    d_shares,
    change_frac,
    value_usd,
    trade_effect_usd,
    price_effect_usd,
    portfolio_frac,
    prev_portfolio_frac,
    is_partial,
    accession_no,
    known_at
from features.holder_changes
where withdrawn_at is null and holder_change <> 'unchanged'
