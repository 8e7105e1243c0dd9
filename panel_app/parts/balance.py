"""What was bought against what was sold, period by period, and a line of its own beside them."""

from html import escape
from typing import Any

import panel as pn
import pyarrow as pa
import pyarrow.compute as pc
from bokeh.models import (
    ColumnDataSource,
    DataRange1d,
    HoverTool,
    LinearAxis,
    NumeralTickFormatter,
    Range1d,
)

from panel_app import text
from panel_app.parts.part import DOWN, LINE, UP, Part
from panel_app.parts.plot import blank, plain, renew

_DAY_MS = 86_400_000
_LEAST = 12  # bars that there is room for: a single one is no wall


class Balance(Part):
    """The first column is a period's day: bars above nothing were bought, below it sold.

    `up`, `down` and `line` are columns, `named` says what it is about, `days` how broad a bar is.
    """

    height = 236

    def __init__(self, up: str, down: str, line: str, named: str, days: int, empty: str) -> None:
        self._columns = {"up": up, "down": down, "line": line}
        self._named, self._days = named, days
        self._source = ColumnDataSource({name: [] for name in ("x", "up", "below", "down", "line")})
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the chart."""
        self._x = Range1d()
        drawn = blank(self.height, x_axis_type="datetime", x_range=self._x, y_range=DataRange1d())
        drawn.extra_y_ranges = {"right": DataRange1d()}
        wide = self._days * _DAY_MS
        self._bars = [
            drawn.vbar(
                "x", top=top, width=wide, source=self._source, color=color, line_color=None,
                fill_alpha=alpha,
            )
            for top, color, alpha in (("up", UP, 0.9), ("below", DOWN, 0.9))
        ]  # fmt: skip
        how = {"source": self._source, "color": LINE, "y_range_name": "right"}
        right = [
            drawn.line("x", "line", line_width=1.8, **how),
            drawn.scatter("x", "line", size=5, **how),
        ]
        drawn.y_range.renderers, drawn.extra_y_ranges["right"].renderers = self._bars, right
        axis = LinearAxis(y_range_name="right", axis_label=_plain(self._columns["line"]))
        plain(axis)
        drawn.add_layout(axis, "right")
        drawn.yaxis[0].formatter = NumeralTickFormatter(format="$0.[0]a")
        drawn.yaxis[0].axis_label = " / ".join(_plain(self._columns[n]) for n in ("up", "down"))
        drawn.add_tools(
            HoverTool(
                tooltips=[
                    ("of", "@x{%F}"), *[
                        (_plain(column), f"@{name}{{{'0,0.[0]' if name == 'line' else '$0,0'}}}")
                        for name, column in self._columns.items()
                    ],
                ],
                formatters={"@x": "datetime"}, mode="vline", renderers=[self._bars[0]],
            )
        )  # fmt: skip
        return [pn.pane.Bokeh(drawn, sizing_mode="stretch_width", margin=0, height=self.height)]

    def show(self, rows: pa.Table) -> str:
        """Draw the periods; return the last one's figures."""
        for bars, color in zip(self._bars, (self.look.up, self.look.down), strict=True):
            bars.glyph.fill_color = color
        days = pc.cast(rows.column(0), pa.timestamp("ms"))
        columns = {name: rows.column(column).to_pylist() for name, column in self._columns.items()}
        below = [None if value is None else -value for value in columns["down"]]
        x = pc.cast(days, pa.int64()).to_pylist()
        renew(self._source, {"x": x, **columns, "below": below})
        wide = self._days * _DAY_MS
        self._x.update(start=min(x[0], x[-1] - _LEAST * wide) - wide, end=x[-1] + wide)
        last = rows.slice(rows.num_rows - 1).to_pylist()[0]
        facts = "".join(
            f"<span>{text.label(name)} <b>{self._figure(name, value)}</b></span>"
            for name, value in last.items()
            if name != self._named and value is not None
        )
        return f'<p class="last"><b class="named">{escape(str(last[self._named]))}</b>{facts}</p>'

    def _figure(self, name: str, value: Any) -> str:
        said = text.figure(name, value, self.look.zone)
        return said.replace("_", " ") if isinstance(value, str) else said


def _plain(column: str) -> str:
    """Return a column's name for an axis, which reads no HTML."""
    return column.removesuffix("_usd").removeprefix("n_").replace("_", " ")
