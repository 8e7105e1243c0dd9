"""The tape of options as flow traders read it: each order's contract in one word, and its kind."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import pyarrow as pa

from panel_app import text
from panel_app.parts.table import Table

_LABELS = {
    "happened_at": "time", "underlying": "symbol", "parent_kind": "order", "direction": "lean",
    "price_bucket": "filled", "underlying_price": "spot", "open_interest": "OI", "delta": "delta",
}  # fmt: skip
_WITH = (  # what other cells say along
    "session_date", "expiration", "strike", "put_call", "package_type", "opt_trade_class",
    "n_exchanges", "n_prints", "legs_premium_usd", "n_legs", "parent_id", "contracts",
)  # fmt: skip
# Colours of rule book A3's upper tiers; what is below them is told by its figure alone.
_TIERS = ((1_000_000, "golden"), (250_000, "large"))


class Tape(Table):
    """Rows of reports.option_flow, newest first; a row opens its prints."""

    def __init__(self, empty: str) -> None:
        super().__init__(
            empty, key=("parent_id",), hidden=_WITH, labels=_LABELS, sort="sort",
            links={"underlying": "/smart-money/dashboard/symbol?symbol={}"},
            sets={"parent": "parent_id", "contracts": "contracts", "of": "underlying"},
        )  # fmt: skip
        self._today: date | None = None

    def show(self, rows: pa.Table) -> str:
        """Return the table; moments of the newest day are shown without it."""
        newest = max(rows.column("happened_at").to_pylist())
        self._today = newest.astimezone(self.look.zone).date()
        return f'<div class="tape">{super().show(rows)}</div>'  # so low that what it opens is seen

    def _cell(self, row: Mapping[str, Any], column: pa.Field) -> str:
        shown = _SHOWN.get(column.name)
        if column.name == "happened_at":
            return f"<td>{self._moment(row)}</td>"
        return shown(row) if shown else super()._cell(row, column)

    def _moment(self, row: Mapping[str, Any]) -> str:
        there = row["happened_at"].astimezone(self.look.zone)
        day = "" if there.date() == self._today else f"<small>{there:%m-%d}</small> "
        return f'<time title="{there:%Y-%m-%d %H:%M:%S.%f}">{day}{there:%H:%M:%S}</time>'


def _contract(row: Mapping[str, Any]) -> str:
    if row["strike"] is None:
        legs = f"{row['n_legs']} leg{'' if row['n_legs'] == 1 else 's'}"
        return f"<td>{legs} <small>{_day(row['expiration'])}</small></td>"
    word = f"{text.figure('strike', row['strike'])} {row['put_call']}"
    return (
        f'<td title="{escape(row["contract"])}"><b>{word}</b> '
        f"<small>{_day(row['expiration'])}</small></td>"
    )


def _day(day: date | None) -> str:
    return f"{day:%d %b %y}" if day else ""


def _order(row: Mapping[str, Any]) -> str:
    kind, told = row["parent_kind"], row["package_type"] or row["opt_trade_class"]
    said = told if told and told != "regular" and kind in ("single", "package") else kind
    if kind == "sweep":
        said, title = f"sweep ×{row['n_exchanges']}", f"{row['n_prints']} prints"
    elif kind == "split":
        said, title = f"split ×{row['n_prints']}", "prints on one venue"
    else:
        title = kind
    shown = escape(said.replace("_", " "))
    return f'<td><span class="tag {escape(kind)}" title="{escape(title)}">{shown}</span></td>'


def _premium(row: Mapping[str, Any]) -> str:
    premium, legs = row["premium_usd"], row["legs_premium_usd"]
    if premium is None:
        shown = f"<i>{text.figure('premium_usd', legs)}</i>"
        return f'<td class="num" title="of all legs; what is left of them is unknown">{shown}</td>'
    tier = next((name for least, name in _TIERS if premium >= least), "")
    return f'<td class="num premium {tier}">{text.figure("premium_usd", premium)}</td>'


def _filled(row: Mapping[str, Any]) -> str:
    bucket = row["price_bucket"]
    return f"<td>{escape(bucket.replace('_', ' '))}</td>" if bucket else '<td class="none">—</td>'


def _delta(row: Mapping[str, Any]) -> str:
    delta = row["delta"]
    return '<td class="num none">—</td>' if delta is None else f'<td class="num">{delta:+.2f}</td>'


_SHOWN = {
    "contract": _contract, "parent_kind": _order, "premium_usd": _premium, "price_bucket": _filled,
    "delta": _delta,
}  # fmt: skip
