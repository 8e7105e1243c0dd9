"""A stock's price by session, as candles, with what happened beside it."""

from datetime import UTC, date, datetime
from html import escape
from typing import Any

import panel as pn
import pyarrow as pa
from bokeh.models import ColumnDataSource, CrosshairTool, HoverTool, NumeralTickFormatter

from panel_app.parts.part import GREY, LINE, Part
from panel_app.parts.plot import blank

DAY_MS = 86_400_000
_GAP = 0.045  # of what the prices span, from one mark to the next
_MOST = 6  # marks above or below a session; the table has them all
_SIZES = {"critical": 13, "high": 11, "medium": 9, "low": 7, "info": 6}
_SHAPES = {"insider": "square", "13F": "hex", "split": "star", "dividend": "star",
           "earnings": "star", "halt": "x"}  # fmt: skip
_ALERTS = {"bull": "triangle", "bear": "inverted_triangle"}
_WORDS = (
    ("▲ ▼", "alerts, bull and bear"), ("■", "insiders"), ("⬢", "13F reports"),
    ("★", "splits, dividends, earnings"), ("✕", "halts"),
)  # fmt: skip


class Story(Part):
    """Rows of kind `session` are prices; each other row is a mark: bulls below, others above."""

    def panes(self) -> list[Any]:
        """Return the chart."""
        self._days = ColumnDataSource({name: [] for name in _DAYS})
        self._marks = ColumnDataSource({name: [] for name in _MARKS})
        drawn = blank(330, x_axis_type="datetime")
        drawn.line("x", "close", source=self._days, color=LINE, line_alpha=0.55)
        drawn.segment("x", "low", "x", "high", source=self._days, color="colour")
        candles = drawn.vbar(
            "x", 0.62 * DAY_MS, "top", "bottom", source=self._days, line_color="colour",
            fill_color="colour", fill_alpha="filled",
        )  # fmt: skip
        marks = drawn.scatter(
            "x", "y", size="size", marker="marker", source=self._marks, color="colour",
            line_color="colour", fill_alpha=0.75,
        )  # fmt: skip
        drawn.yaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
        drawn.xaxis.axis_label = "session (New York)"
        drawn.add_tools(
            HoverTool(
                renderers=[candles],
                tooltips=[
                    ("session", "@x{%F}"), ("open", "@open{0,0.00}"), ("high", "@high{0,0.00}"),
                    ("low", "@low{0,0.00}"), ("close", "@close{0,0.00}"), ("change", "@change"),
                ],
                formatters={"@x": "datetime"},
            ),
            HoverTool(renderers=[marks], tooltips=[("", "@said"), ("at", "@at")]),
            CrosshairTool(dimensions="height", line_color=GREY, line_alpha=0.6),
        )  # fmt: skip
        return [pn.pane.Bokeh(drawn, sizing_mode="stretch_width", margin=0, height=330)]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return what the marks mean."""
        told = rows.to_pylist()
        days = [row for row in told if row["kind"] == "session" and row["close"] is not None]
        marks = [row for row in told if row["kind"] != "session"]
        self._days.data = self._columns(days)
        self._marks.data = self._places(days, marks)
        words = "".join(f"<span><b>{sign}</b> {escape(words)}</span>" for sign, words in _WORDS)
        hollow = "<span>a hollow candle rose, a full one fell</span>"
        return f'<p class="last">{words}{hollow}</p>'

    def _columns(self, days: list[dict[str, Any]]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {name: [] for name in _DAYS}
        for row in days:
            close = row["close"]
            begun = close if row["open"] is None else row["open"]
            change = row["change_pct"]
            line = {
                "x": at_ms(row["session_date"]), "close": close, "open": begun,
                "high": _or(row["high"], close), "low": _or(row["low"], close),
                "top": max(begun, close), "bottom": min(begun, close),
                "colour": self.look.up if close >= begun else self.look.down,
                "filled": 0.0 if close >= begun else 0.9,
                "change": "—" if change is None else f"{change:+.2f} %",
            }  # fmt: skip
            for name, value in line.items():
                found[name].append(value)
        return found

    def _places(
        self, days: list[dict[str, Any]], marks: list[dict[str, Any]]
    ) -> dict[str, list[Any]]:
        """Set marks off from the prices, one further out than the other."""
        found: dict[str, list[Any]] = {name: [] for name in _MARKS}
        ends = {
            row["session_date"]: (_or(row["low"], row["close"]), _or(row["high"], row["close"]))
            for row in days
        }
        lows, highs = [low for low, _ in ends.values()], [high for _, high in ends.values()]
        gap = _GAP * ((max(highs) - min(lows)) if ends else 0) or 1.0
        taken: dict[tuple[date, bool], int] = {}
        colours = {"bull": self.look.up, "bear": self.look.down}
        for row in marks:
            day, is_below = row["session_date"], row["direction"] == "bull"
            taken[day, is_below] = nth = taken.get((day, is_below), 0) + 1
            low, high = ends.get(day, (row["price"], row["price"]))
            if nth > _MOST or low is None:
                continue
            alert = _ALERTS.get(row["direction"], "diamond")
            line = {
                "x": at_ms(day), "y": low - nth * gap if is_below else high + nth * gap,
                "size": _SIZES.get(row["severity"], 9), "said": row["headline"],
                "colour": colours.get(row["direction"], GREY),
                "marker": _SHAPES.get(row["kind"], alert),
                "at": f"{row['known_at'].astimezone(self.look.zone):%Y-%m-%d %H:%M:%S %Z}",
            }  # fmt: skip
            for name, value in line.items():
                found[name].append(value)
        return found


_DAYS = (
    "x", "close", "open", "high", "low", "top", "bottom", "colour", "filled", "change",
)  # fmt: skip
_MARKS = ("x", "y", "size", "said", "colour", "marker", "at")


def at_ms(day: date) -> int:
    """Return where a session stands on an axis of time."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000)


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
