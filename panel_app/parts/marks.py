"""Walls and whale orders as marks on a chart of their book: from when they came to their end."""

from collections import Counter
from typing import Any

import pyarrow as pa
from bokeh.models import ColumnDataSource

from panel_app.parts.part import MORE, Part
from panel_app.parts.plot import milliseconds, renew

_COLOURS = {"wall": MORE[0], "whale": MORE[1]}
_STATES = {
    "eaten": ("circle", "●", "traded"), "pulled": ("x", "✕", "pulled"),
    "moved": ("diamond", "◆", "moved"), "faded": ("dash", "▬", "faded"),
    "stands": ("triangle", "▲", "stands"), "unknown": ("circle_cross", "⊕", "unknown"),
}  # fmt: skip
TOOLTIPS = [
    ("", "@kind, @side"), ("price", "@price{0,0.[0000]}"), ("worth", "@worth{$0,0}"),
    ("became", "@state"), ("lived", "@lived"),
]  # fmt: skip
_NAMES = ("x", "end", "price", "mark", "colour", "size", "kind", "side", "worth", "state", "lived")


class Marks(Part):
    """Rows of reports.large_orders of one book; its HTML says what the marks mean."""

    def __init__(self) -> None:
        self._source = ColumnDataSource({name: [] for name in _NAMES})
        super().__init__()

    def draw(self, chart: Any) -> Any:
        """Put the marks on a chart; return what a pointer can find."""
        chart.segment(
            "x", "price", "end", "price", source=self._source, line_color="colour", line_width=3
        )
        return chart.scatter(
            "end",
            "price",
            source=self._source,
            marker="mark",
            size="size",
            line_color="colour",
            fill_color="colour",
            fill_alpha=0.55,
            line_width=2,
        )

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return how many of each there are."""
        table = rows.sort_by([("began_at", "ascending"), ("alert_key", "ascending")])
        orders = table.to_pylist()
        renew(
            self._source,
            {
                "x": milliseconds(table.column("began_at"), self.look).to_pylist(),
                "end": milliseconds(table.column("seen_until"), self.look).to_pylist(),
                "price": [order["price"] for order in orders],
                "mark": [_STATES[order["order_state"]][0] for order in orders],
                "colour": [_COLOURS[order["order_kind"]] for order in orders],
                "size": [min(18, 7 + (order["notional_usd"] or 0) / 60_000) for order in orders],
                "kind": [order["order_kind"] for order in orders],
                "side": ["bid" if order["book_side"] == 1 else "ask" for order in orders],
                "worth": [order["notional_usd"] for order in orders],
                "state": [_STATES[order["order_state"]][2] for order in orders],
                "lived": [_lived(order["life_s"]) for order in orders],
            },
        )
        kinds = Counter(order["order_kind"] for order in orders)
        states = Counter(order["order_state"] for order in orders)
        said = [
            f'<span><i class="key {kind}"></i><b>{kinds[kind]}</b> {name}</span>'
            for kind, name in (("whale", "whale orders"), ("wall", "walls"))
        ]
        said += [
            f"<span>{sign} {name} <b>{states[state]}</b></span>"
            for state, (_, sign, name) in _STATES.items()
            if states[state]
        ]
        return f'<p class="last">{"".join(said)}</p>'


def _lived(seconds: float | None) -> str:
    if seconds is None:
        return "no end is told"
    return f"{seconds:,.1f} s" if seconds < 120 else f"{seconds / 60:,.0f} min"
