"""The first page: where stocks stand, what has fired, what the book does, how fresh data is."""

from datetime import timedelta

import panel as pn

from panel_app.controls import Choice, Control, Symbol, Symbols
from panel_app.desk import Desk
from panel_app.parts.cards import Card, Cards
from panel_app.parts.known import Known
from panel_app.parts.layout import beside, stacked

TITLE, LETTER, ORDER = "Overview", "o", 1
LEAST = {
    "": "all", "low": "low and up", "medium": "medium and up", "high": "high and up",
    "critical": "critical",
}  # fmt: skip
FAMILIES = {"": "all"} | {
    name: name.replace("_", " ")
    for name in ("options", "crypto", "filings", "off_exchange", "prices", "scores")
}
CONTROLS = (
    Symbol("symbol", "Cards of", hint="highest index"),
    Choice("severity", "Alerts", options=LEAST),
    Choice("family", "Family", options=FAMILIES),
    Symbols("symbols", "Symbols"),
    Control("sort", ""),
)

CARDS = """
from reports.symbol_board
where $symbol is null or symbol = $symbol
order by smart_money_index desc, symbol
limit 1
"""
# The nearest name to one that no dataset has; nothing where it is known.
UNKNOWN = """
select cast($symbol as text) as asked, symbol, datasets
from reports.symbols
where $symbol not in (select symbol from reports.symbols)
order by damerau_levenshtein(symbol, $symbol), symbol
limit 1
"""
BOARD = """
select
    symbol, round(smart_money_index, 1) as smart_money_index,
    replace(index_label, '_', ' ') as index_label, round(accumulation, 1) as accumulation,
    replace(accumulation_label, '_', ' ') as accumulation_label, off_exchange_frac,
    replace(off_exchange_label, '_', ' ') as off_exchange_label, institutional_pct,
    managers_change_pct, round(confidence, 0) as confidence, n_alerts, is_watched,
    round(divergence, 0) as divergence, divergence_label
from reports.symbol_board
where
    ($symbols is null or list_contains(cast($symbols as text[]), symbol))
    and ($not_symbols is null or not list_contains(cast($not_symbols as text[]), symbol))
order by is_watched desc, n_alerts desc, symbol
"""
ALERTS = """
from reports.overview
where
    list_position(['info', 'low', 'medium', 'high', 'critical'], severity)
    >= coalesce(list_position(['info', 'low', 'medium', 'high', 'critical'], $severity), 0)
    and ($family is null or split_part(detector, '.', 1) = $family)
    and ($symbols is null or list_contains(cast($symbols as text[]), entity))
    and ($not_symbols is null or not list_contains(cast($not_symbols as text[]), entity))
order by fired_at desc, score desc, alert_key
"""
# Of the books that spoke in the last minute the first by name, so that it stays the same one.
PULSE = """
with books as (
    select venue, pair, max(bar_at) as bar_at
    from reports.book_pulse
    group by all
),

shown as (
    select venue, pair, bar_at
    from books
    where bar_at > (select max(bar_at) - interval 1 minute from books)
    order by venue, pair
    limit 1
)

select
    pulse.bar_at as as_of_at, pulse.mid, pulse.obi as imbalance, pulse.spread_bps,
    pulse.venue, pulse.pair
from reports.book_pulse as pulse
inner join shown on pulse.venue = shown.venue and pulse.pair = shown.pair
where pulse.bar_at > shown.bar_at - interval 10 minutes
order by pulse.bar_at
"""
FRESHNESS = """
select dataset, feed_state, n_rows, newest_known_date, len(feeds) as n_feeds
from reports.freshness
order by dataset
"""
NO_ALERTS = (
    "No alert that is asked for has fired up to this moment. Set Alerts to all. "
    "Run `leadline live` to watch the detectors."
)
NO_BOOK = "No order book is loaded. Run `leadline feeds` to see who sends one."
NO_DATA = (
    "The store is empty. Run `leadline load sessions`, then `leadline load FEED --from PATH`; "
    "`leadline feeds` lists the feeds."
)
NO_CARDS = "No score is told of it. Run `leadline live`, or name another symbol."
NO_BOARD = (
    "No stock has a score yet. Run `leadline feeds` to see who sends bars, prints and filings."
)
LABELS = {
    "smart_money_index": "index", "index_label": "leans", "accumulation_label": "builds",
    "off_exchange_label": "for it", "institutional_pct": "institutions",
    "managers_change_pct": "in the quarter", "is_watched": "watched",
    "divergence_label": "apart", "n_alerts": "alerts, 5 d", "confidence": "completeness",
}  # fmt: skip
SYMBOL = "/smart-money/dashboard/symbol?symbol={}"
SCORES = (
    Card("Smart money index", "smart_money_index", "index_label", (0, 100),
         missing="too little is told"),
    Card("Off exchange", "off_exchange_frac", "off_exchange_label", (0, 1), said="{} for it"),
    Card("Institutional ownership", "institutional_pct", "period_end", (0, 100),
         said="of the shares, {}"),
    Card("Accumulation", "accumulation", "accumulation_label", (-100, 100), is_signed=True),
)  # fmt: skip


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out what has happened; every number is a column of reports.*."""
    week = timedelta(days=5)
    today = desk.query("from reports.today")
    pulse = desk.query(PULSE, last=timedelta(minutes=10))
    cards = Cards(SCORES, NO_CARDS, name="symbol", link=SYMBOL)
    return stacked(
        desk.bar("symbol", "severity", "family", "symbols"),
        desk.tiles(today, "n_critical", "n_high", "n_medium", "n_low", "n_info"),
        desk.follow(Known(), desk.query(UNKNOWN)),
        desk.follow(cards, desk.query(CARDS, week)),
        desk.table(
            "stocks", "Stocks: watched and most talked of first", desk.query(BOARD, week, most=15),
            NO_BOARD, key=("symbol",), links={"symbol": SYMBOL}, sort="sort", labels=LABELS,
            signed=("accumulation", "managers_change_pct"),
        ),
        beside(
            desk.alerts("alerts", "Newest alerts", desk.query(ALERTS, most=20), NO_ALERTS),
            stacked(
                desk.chart("book", "Order book", pulse, "mid", "imbalance", NO_BOOK),
                desk.table("data", "Data", desk.query(FRESHNESS), NO_DATA, key=("dataset",)),
            ),
        ),
        desk.tiles(desk.query("from reports.store"), "n_loads", "n_rows", "newest_recorded_at"),
    )  # fmt: skip
