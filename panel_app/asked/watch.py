"""What the page of watch lists asks; every number is a column of reports.*."""

LISTS = """
select watchlist, any_value(n_symbols) as n_symbols, watchlist = $list as is_shown
from reports.watch_lines
group by watchlist
order by watchlist
"""
UNKNOWN = """
select
    $list as asked,
    watchlist as nearest
from reports.watch_lines
where $list not in (select watchlist from reports.watch_lines)
group by watchlist
order by jaro_winkler_similarity(watchlist, $list) desc, watchlist
limit 1
"""
SIGNALS = """
select
    watchlist, symbol, suggestion, reasons, state, times, price, priced_at,
    price_age_s, chg_5m_pct, chg_15m_pct, chg_60m_pct, chg_day_pct, chg_14d_pct, z_15m, z_day,
    quantity, cost_usd, value_usd, gain_usd, gain_pct, n_alerts, alerted_at, alert_severity,
    alert_headline, note, listed_at
from reports.watch
where
    ($list is null or watchlist = $list)
    and ($suggestion is null or suggestion = $suggestion)
order by
    case suggestion when 'act' then 1 when 'look' then 2 else 3 end, times desc nulls last,
    watchlist, symbol
"""
LINES = """
select *, cast($at as timestamptz) is not null as is_past
from reports.watch_lines
where $list is null or watchlist = $list
order by watchlist, symbol
"""
