"""Turns what a question answers into text for people; all of it is escaped."""

import re
import shlex
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from leadline.catalog import View
from leadline.clock import BEGINNING, stamp
from leadline.home import Home

UTC = ZoneInfo("UTC")
_SHORT = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
# What the trade writes in its own way.
_WORDS = {
    "iv": "IV", "oi": "OI", "dte": "DTE", "otm": "OTM", "pcr": "put/call", "gex": "GEX",
    "vol oi": "vol/OI", "d": "Δ",
}  # fmt: skip
_DOLLARS = ("_usd", "_usd_1pct")
_UNITS = (*_DOLLARS, "_at", "_date", "_bps", "_pct", "_frac", "_ratio")
_QUOTED = re.compile(r"`([^`]+)`")


def label(column: str) -> str:
    """Return a column's name as people say it."""
    for end in _UNITS:
        column = column.removesuffix(end)
    said = column.removeprefix("n_").replace("_", " ")
    return escape(_WORDS.get(said) or " ".join(_WORDS.get(word, word) for word in said.split(" ")))


def figure(column: str, value: Any, zone: ZoneInfo = UTC) -> str:
    """Return a value in the unit that its column's name ends with; a moment in a zone."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        there = value.astimezone(zone) if value.tzinfo else value
        return f'<time title="{stamp(value)}">{there:%Y-%m-%d %H:%M:%S}</time>'
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(figure("", each, zone) for each in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{label(name)} {figure(name, each, zone)}" for name, each in value.items()
        )
    if isinstance(value, int):
        if column.endswith("_us"):
            return stamp(BEGINNING + timedelta(microseconds=value))
        return _dollars(value) if column.endswith(_DOLLARS) else f"{value:,}"
    if isinstance(value, float | Decimal):
        unit = " bps" if column.endswith("_bps") else ""
        found = float(value)
        if column.endswith(("_pct", "_frac")) or column == "iv":  # 0 to 100, and 0 to 1
            return f"{found if column.endswith('_pct') else 100 * found:,.1f} %"
        if column.endswith("_ratio"):
            return f"{found:,.2f}" if abs(found) >= 0.1 else f"{found:.3f}"
        return _dollars(found) if column.endswith(_DOLLARS) else _number(found) + unit
    return escape(str(value))


def sentence(text: object) -> str:
    """Return a sentence; what stands in backticks is set as code."""
    return _QUOTED.sub(r"<code>\1</code>", escape(str(text)))


def command(view: View, alert_key: str, until: datetime, store: Path | Home) -> str:
    """Return the command that asks a store for an alert again, as the loop did."""
    key = alert_key.replace("'", "''")
    sql = f"select * from {view.pinned} where alert_key = '{key}'"
    moment = stamp(until).replace(" ", "T")
    safe = re.sub(r'(["\\$`])', r"\\\1", sql)
    place = shlex.quote(str(store))
    return escape(f'leadline --store {place} sql "{safe}" --until {moment}', quote=False)


def _dollars(value: float) -> str:
    return f"{'-' if value < 0 else ''}${_short(abs(value))}"


def _short(value: float) -> str:
    for size, letter in _SHORT:
        if abs(value) >= size:
            return f"{value / size:,.3g}{letter}"
    return f"{value:,.0f}"


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 100 else f"{value:.4g}"
