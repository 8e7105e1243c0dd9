"""All about one name: its price and what happened beside it, its scores, all its rows."""

from datetime import timedelta
from typing import Any

import panel as pn

from panel_app import symbol_rows
from panel_app.controls import Choice, Symbol
from panel_app.desk import Asked, Desk
from panel_app.parts.cards import Card, Cards
from panel_app.parts.known import Known
from panel_app.parts.layout import beside, stacked
from panel_app.parts.stack import Stack
from panel_app.parts.story import Story

TITLE, LETTER, ORDER, LAST = "Symbol", "s", 2, "3mo"
LEAST = {
    "": "all", "low": "low and up", "medium": "medium and up", "high": "high and up",
    "critical": "critical",
}  # fmt: skip
CONTROLS = (
    Symbol("symbol", "Symbol", hint="AAPL"),
    Choice("severity", "Alerts", default="medium", options=LEAST),
)

# The symbol itself, or what is spelled most like it and all others to choose from.
KNOWN = """
select cast($symbol as text) as asked, symbol, datasets
from reports.symbols
order by
    symbol is distinct from $symbol,
    damerau_levenshtein(symbol, coalesce(cast($symbol as text), '')), symbol
limit 60
"""
PRICE = """
select close, session_date, change_pct, change_usd as change
from reports.price_days
where symbol = $symbol
order by session_date desc
limit 1
"""
BOARD = "from reports.symbol_board where symbol = $symbol"
CONVICTION = """
select conviction_score as conviction, period_end, conviction_legacy
from reports.institutional_conviction
where ticker = $symbol
order by period_end desc, cusip
limit 1
"""
STORY = """
select
    'session' as kind, session_date, known_at, open, high, low, close, change_pct, volume,
    null as severity, null as direction, null as value_usd, null as headline, null as price,
    null as alert_key
from reports.price_days
where symbol = $symbol
union all by name
select
    kind, session_date, known_at, severity, direction, value_usd, headline, price, alert_key
from reports.symbol_events
where
    symbol = $symbol
    and (
        severity is null
        or list_position(['info', 'low', 'medium', 'high', 'critical'], severity)
        >= coalesce(
            list_position(['info', 'low', 'medium', 'high', 'critical'], $severity), 0
        )
    )
order by session_date, known_at
"""
INDEX = """
select
    session_date, smart_money_index, label, part_dp, part_inst, part_blocks, part_unusual,
    part_insider, coverage, agreement
from scores.smart_money_index
where symbol = $symbol
order by session_date
"""
ALERTS = """
from reports.overview
where
    entity = $symbol
    and list_position(['info', 'low', 'medium', 'high', 'critical'], severity)
    >= coalesce(list_position(['info', 'low', 'medium', 'high', 'critical'], $severity), 0)
order by fired_at desc, score desc, alert_key
"""
PARTS = {
    "part_dp": "off exchange", "part_inst": "managers", "part_blocks": "blocks",
    "part_unusual": "unusual options", "part_insider": "insiders",
}  # fmt: skip
NO_PRICE = "No bar is told. Choose a symbol above, or a longer range."
NO_INDEX = "No score is told. Choose a symbol above, or a longer range."
NO_ALERTS = "No such alert. Choose a symbol above, set Alerts to all, or a longer range."
NO_SCORE = "No score is told: no family said anything of such a symbol in a year. Choose another."
NO_NAMES = "The store names no symbol. Run `leadline load securities`; `leadline feeds` lists more."
SCORES = (
    Card("Smart money index", "smart_money_index", "index_label", (0, 100),
         missing="too little is told"),
    Card("Accumulation", "accumulation", "accumulation_label", (-100, 100), is_signed=True),
    Card("Off exchange", "off_exchange_frac", "off_exchange_label", (0, 1), said="{} for it"),
    Card("Institutional", "institutional_pct", "period_end", (0, 100), said="of the shares, {}"),
    Card("Data completeness", "confidence", "confidence_tier", (0, 100)),
    Card("Divergence", "divergence", "divergence_label", (0, 100)),
)  # fmt: skip


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out one name; every number is a column of reports.* or scores.*."""
    price = Cards(
        (
            Card("Price", "close", "session_date"),
            Card("Change", "change_pct", "change", is_signed=True),
        ),
        NO_PRICE,
    )
    conviction = Cards(
        (Card("Conviction", "conviction", "period_end", (0, 100), missing="under four quarters"),),
        "No manager reports it: no conviction is told.",
    )
    week = timedelta(days=5)
    return stacked(
        desk.bar("symbol", "severity"),
        desk.follow(Known(NO_NAMES), desk.query(KNOWN)),
        beside(
            desk.follow(price, _of(desk, PRICE, last=timedelta(days=10))),
            desk.follow(conviction, _of(desk, CONVICTION)),
        ),
        desk.follow(Cards(SCORES, NO_SCORE), _of(desk, BOARD, last=week)),
        desk.panel("price", "Price and events", Story(NO_PRICE), _of(desk, STORY, is_ranged=True)),
        beside(
            stacked(
                desk.alerts(
                    "alerts", "Alerts", _of(desk, ALERTS, is_ranged=True, most=10), NO_ALERTS
                ),
                symbol_rows.prints(desk),
            ),
            desk.panel(
                "index", "Smart money index", Stack("smart_money_index", PARTS, 50, NO_INDEX),
                _of(desk, INDEX, is_ranged=True),
            ),
        ),
        *symbol_rows.panels(desk),
    )  # fmt: skip


def _of(desk: Desk, sql: str, **how: Any) -> Asked:
    """Return a question that waits for a symbol."""
    return desk.query(sql, wants=("symbol",), **how)
