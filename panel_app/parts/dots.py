"""Prints over time, each as large as it is worth: bought, sold, or without a side."""

from typing import Any

import panel as pn
import pyarrow as pa
import pyarrow.compute as pc
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.models.annotations import Span

from panel_app import text
from panel_app.parts.part import GREY, Part
from panel_app.parts.plot import blank, milliseconds, renew

_MARKS = {"buy": "triangle", "sell": "inverted_triangle"}
_PADDING = 0.25  # of a range, so that the largest dot stands whole at its edge
_NAMES = ("x", "y", "size", "mark", "colour", "symbol", "price", "value", "side")


class Dots(Part):
    """`column` is how high a dot stands; rows have traded_at, symbol, side, price, value_usd."""

    height = 250

    def __init__(self, column: str, empty: str) -> None:
        self._column = column
        self._source = ColumnDataSource({name: [] for name in _NAMES})
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the chart."""
        drawn = blank(self.height, x_axis_type="datetime")
        drawn.x_range.range_padding = drawn.y_range.range_padding = _PADDING
        dots = drawn.scatter(
            "x", "y", source=self._source, marker="mark", size="size", line_color="colour",
            fill_color="colour", fill_alpha=0.45,
        )  # fmt: skip
        drawn.add_layout(Span(location=0, dimension="width", line_color=GREY, line_alpha=0.7))
        drawn.yaxis.axis_label = text.label(self._column) + ", bps"
        self._axis = drawn.xaxis[0]
        drawn.add_tools(
            HoverTool(
                tooltips=[
                    ("at", "@x{%F %T}"), ("", "@symbol @side"), ("price", "@price{0,0.00##}"),
                    ("value", "@value{$0,0}"), (text.label(self._column), "@y{0.0} bps"),
                ],
                formatters={"@x": "datetime"}, renderers=[dots],
            )
        )  # fmt: skip
        return [pn.pane.Bokeh(drawn, sizing_mode="stretch_width", margin=0, height=self.height)]

    def show(self, rows: pa.Table) -> str:
        """Draw those that have a height; return what their shapes mean."""
        self._axis.axis_label = str(self.look.zone)
        told = rows.filter(pc.is_valid(rows.column(self._column)))
        sides = told.column("side").to_pylist()
        colours = {"buy": self.look.up, "sell": self.look.down}
        values = told.column("value_usd").to_pylist()
        renew(
            self._source,
            {
                "x": milliseconds(told.column("traded_at"), self.look).to_pylist(),
                "y": told.column(self._column).to_pylist(),
                "size": [min(34.0, 6 + (value / 20_000) ** 0.5) for value in values],
                "mark": [_MARKS.get(side, "circle") for side in sides],
                "colour": [colours.get(side, GREY) for side in sides],
                "symbol": told.column("symbol").to_pylist(),
                "price": told.column("price").to_pylist(),
                "value": values,
                "side": [side or "no side" for side in sides],
            },
        )
        n_without = rows.num_rows - told.num_rows
        without = f"<span>{n_without:,} without a quote beside them</span>" if n_without else ""
        return (
            f'<p class="last"><span class="up">▲ bought</span><span class="down">▼ sold</span>'
            f"<span>● no side</span><span>larger is worth more</span>{without}</p>"
        )
