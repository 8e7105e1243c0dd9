"""What the page of filings asks; every number is a column of reports.*."""

# The quarter that is set; else the newest of which enough has been told.
QUARTER = """coalesce(
    $quarter, (select period_end from reports.institutional_periods where is_current)
)"""
# The manager whose number, or part of whose name, was written; of several the largest.
IS_MEANT = "(cik = lpad($manager, 10, '0') or contains(lower(manager), lower($manager)))"
MANAGER = f"""(
    select cik
    from reports.institutional_filers
    where {IS_MEANT}
    order by cik = lpad($manager, 10, '0') desc, value_usd desc nulls last, cik
    limit 1
)"""
# The day on which it became known, in New York.
FILED = "cast(timezone('America/New_York', known_at) as date) as filed_date"
STOCKS = "put_call is null and share_type = 'SH'"

TOLD = f"""
select *
from reports.institutional_periods
where period_end >= {QUARTER}
order by period_end
"""
UNKNOWN_SYMBOL = """
select
    $symbol as asked,
    symbol as nearest
from reports.symbols
where $symbol not in (select symbol from reports.symbols)
order by jaro_winkler_similarity(symbol, $symbol) desc, symbol
limit 1
"""
UNKNOWN_MANAGER = f"""
select
    $manager as asked,
    manager as nearest
from reports.institutional_filers
where not exists (from reports.institutional_filers where {IS_MEANT})
order by jaro_winkler_similarity(lower(manager), lower($manager)) desc, cik
limit 1
"""
FLOW = f"""
select
    ticker as symbol, flow_label as flow, net_change_pct, buy_usd as bought_usd,
    sell_usd as sold_usd, n_holders, n_new, n_sold_out, inst_own_pct as owned_pct, value_usd,
    known_at, cusip
from reports.institutional_quarters
where period_end = {QUARTER}
order by abs(buy_usd - sell_usd) desc nulls last, cusip
"""
QUARTERS = """
select
    period_end, buy_usd as bought_usd, sell_usd as sold_usd, n_holders, inst_own_pct as owned_pct,
    net_change_pct, flow_label as flow, n_new, n_sold_out, shares, ticker, known_at
from reports.institutional_quarters
where ticker = $symbol
order by period_end
"""
HOLDERS = f"""
select
    ticker as symbol, manager, value_usd, d_shares, holders_frac, portfolio_frac,
    {FILED}, holder_place, shares, company_frac, known_at, cik, cusip
from reports.institutional_portfolios
where
    period_end = {QUARTER} and {STOCKS} and shares > 0
    and ($symbol is null or ticker = $symbol)
order by value_usd desc nulls last, cusip, cik
"""
MOVES = f"""
select
    ticker as symbol, manager, holder_change as move, d_shares, change_frac, trade_effect_usd,
    value_usd, portfolio_frac, prev_portfolio_frac, {FILED}, known_at, cik, cusip,
    coalesce(put_call, share_type) as kind
from reports.institutional_moves
where
    period_end = {QUARTER}
    and ($symbol is null or ticker = $symbol)
    and ($move is null or holder_change = $move)
order by abs(trade_effect_usd) desc nulls last, cik, cusip, kind
"""
PORTFOLIO = f"""
select
    place, ticker as symbol, put_call, value_usd, shares, d_shares, portfolio_frac,
    prev_portfolio_frac, holders_frac, issuer, known_at, cusip, share_type
from reports.institutional_portfolios
where cik = {MANAGER} and period_end = {QUARTER} and shares > 0
order by place
"""
TRADES = f"""
select
    ticker as symbol, put_call, holder_change as move, d_shares, change_frac, trade_effect_usd,
    price_effect_usd, portfolio_frac, prev_portfolio_frac, known_at, cusip, share_type
from reports.institutional_moves
where cik = {MANAGER} and period_end = {QUARTER}
order by abs(trade_effect_usd) desc nulls last, cusip, put_call, share_type
"""
REPORT = f"""
select
    period_end, bought_usd, sold_usd, n_positions, manager, value_usd, manager_type,
    turnover_frac, top_frac, filing_lag_days, known_at
from reports.institutional_managers
where cik = {MANAGER}
order by period_end
"""
MANAGERS = f"""
select
    manager, manager_type as kind, value_usd, n_positions, net_bought_usd, turnover_frac, top_frac,
    {FILED}, filing_lag_days, bought_usd, sold_usd, known_at, cik
from reports.institutional_managers
where period_end = {QUARTER}
order by value_usd desc nulls last, cik
"""
CLONES = """
select
    place, manager, n_portfolios, mean_excess as mean_excess_frac, beat_frac,
    total_return as total_return_frac, all_mean_excess as all_managers_frac, first_date, last_date,
    median_excess as median_excess_frac, excess_spread as excess_spread_frac,
    sharpe, luckiest_sharpe, deflated_sharpe as deflated_sharpe_frac, cik
from reports.institutional_clones
order by place
"""
ACTIVE = """
select
    place, ticker as symbol, flow_label as flow, net_change_pct, net_flow_usd,
    active_net_change_pct, active_flow_usd, net_change_pr as percentile_frac,
    coverage_frac, confidence as confidence_frac, is_preliminary, period_end, known_at, cusip
from reports.institutional_flow
where $symbol is null or ticker = $symbol
order by place
"""
COMPANIES = f"""
select
    tickers, issuer, flow_label as flow, net_change_pct, net_flow_usd, value_usd, n_holders,
    n_several as with_several, n_new, n_sold_out, n_exchanged, period_end, known_at, company
from reports.institutional_companies
where
    n_classes > 1
    and period_end = {QUARTER}
    and ($symbol is null or list_contains(string_split(tickers, ', '), $symbol))
order by value_usd desc nulls last, company
"""
CONVICTION = """
select
    place, ticker as symbol, conviction_score, active_weight_change, active_flow_usd, n_active,
    n_new, n_sold_out, is_settled, period_end, known_at, cusip
from reports.institutional_conviction
where $symbol is null or ticker = $symbol
order by place
"""
CROWDING = """
select
    place, ticker as symbol, days_adv as days_to_leave, crowding_pr as percentile_frac,
    hf_own_pct as hedge_owned_pct, hedge_usd, n_hedge_holders, d_holders_pct as holders_change_pct,
    period_end, known_at, cusip
from reports.institutional_crowding
where $symbol is null or ticker = $symbol
order by place
"""
IDEAS = """
select
    manager, ticker as symbol, tilt as tilt_frac, conviction_weight as weight_frac,
    prev_portfolio_frac, weight_place, value_usd, period_end, known_at, cik, cusip
from reports.institutional_best_ideas
where is_best_idea and ($symbol is null or ticker = $symbol)
order by tilt desc nulls last, cik
"""
ALIKE = """
select
    manager, other_manager, overlap_frac, n_common, n_positions, other_n_positions as other_stocks,
    most_common, period_end, known_at, cik, other_cik
from reports.institutional_overlaps
where $symbol is null or most_common = $symbol
order by overlap_frac desc, cik, other_cik
"""
CLUSTERS = """
select
    entity as symbol, n_insiders_30d as insiders, value_30d_usd as bought_usd,
    n_officers_30d as officers, has_ceo as ceo, has_cfo as cfo,
    n_opportunistic_30d as opportunistic, owners, known_at, cik
from reports.insider_clusters
where n_insiders_30d > 1 and ($symbol is null or entity = $symbol)
order by known_at desc, cik
"""
INSIDERS = """
select
    known_at, ticker as symbol, owner as insider,
    coalesce(owner_title, case when is_director then 'director' when is_ten_percent
        then 'over 10 %' when is_officer then 'officer' end) as role,
    replace(insider_class, '_', ' ') as trade, shares, price as price_usd, value_usd,
    is_10b5_1 as by_plan, habit, trans_date, filing_lag_days, is_late_filing as late,
    accession_no, line
from reports.insiders
where
    ($symbol is null or ticker = $symbol)
    and (
        $plan is null
        or ($plan = 'without' and is_10b5_1 is not true)
        or ($plan = 'by' and is_10b5_1)
    )
    and ($trade is null or ($trade = 'own' and is_discretionary) or insider_class = $trade)
    and ($least is null or value_usd >= $least)
order by known_at desc, accession_no, line
"""
SENTIMENT = """
select
    month_date, buy_usd as bought_usd, sell_usd as sold_usd, sentiment, net_usd, n_buyers,
    n_sellers, entity as ticker, known_at
from reports.insider_sentiment
where entity = $symbol
order by month_date
"""
MONTHS = """
select
    entity as symbol, month_date as month, sentiment, net_usd, buy_usd as bought_usd,
    sell_usd as sold_usd, n_buyers, n_sellers, known_at, cik
from reports.insider_sentiment
where
    month_date = (select max(month_date) from reports.insider_sentiment)
    and ($symbol is null or entity = $symbol)
order by abs(net_usd) desc nulls last, cik
"""
STAKES = """
select
    known_at, ticker as symbol, schedule, is_amendment as amended, named, filed_date,
    accession_no as filing
from reports.stake_filings
where $symbol is null or ticker = $symbol
order by known_at desc, accession_no
"""
