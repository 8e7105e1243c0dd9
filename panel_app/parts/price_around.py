"""The price before and after one moment, with that moment marked on it."""

from typing import Any

import panel as pn
import pyarrow as pa
from bokeh.models import ColumnDataSource, HoverTool, NumeralTickFormatter
from bokeh.models.annotations import Span

from panel_app import text
from panel_app.parts.part import GREY, LINE, Part
from panel_app.parts.plot import blank, milliseconds

_SHAPES = {"bull": "triangle", "bear": "inverted_triangle"}


class PriceAround(Part):
    """Columns: moment, price, marked moment, direction. The figure is built once."""

    def __init__(self, empty: str) -> None:
        self._line = ColumnDataSource({"x": [], "price": []})
        self._mark = ColumnDataSource({"x": [], "price": [], "shape": [], "colour": []})
        self._span = Span(dimension="height", line_color=GREY, line_dash="dashed")
        self._figure = drawn = blank(220, x_axis_type="datetime")
        drawn.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
        drawn.add_tools(
            HoverTool(
                tooltips=[("at", "@x{%F %T}"), ("price", "@price{0,0.[0000]}")],
                formatters={"@x": "datetime"}, mode="vline",
            )
        )  # fmt: skip
        drawn.step("x", "price", source=self._line, color=LINE, line_width=1.6, mode="after")
        drawn.scatter("x", "price", source=self._mark, marker="shape", color="colour", size=13)
        drawn.add_layout(self._span)
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the chart."""
        return [pn.pane.Bokeh(self._figure, sizing_mode="stretch_width", height=220, margin=0)]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return what the price was then."""
        moments = milliseconds(rows.column(0), self.look).to_pylist()
        prices = rows.column(1).to_pylist()
        marked = milliseconds(rows.column(2), self.look)[0].as_py()
        direction = rows.column(3)[0].as_py()
        before = [price for moment, price in zip(moments, prices, strict=True) if moment <= marked]
        price = before[-1] if before else prices[0]
        self._line.data = {"x": moments, "price": prices}
        colour = {"bull": self.look.up, "bear": self.look.down}.get(direction, GREY)
        self._mark.data = {
            "x": [marked], "price": [price], "shape": [_SHAPES.get(direction, "diamond")],
            "colour": [colour],
        }  # fmt: skip
        self._span.location = marked
        self._figure.xaxis.axis_label = str(self.look.zone)
        facts = (("then", price), ("first", prices[0]), ("last", prices[-1]))
        said = "".join(f"<span>{n} <b>{text.figure('price', v)}</b></span>" for n, v in facts)
        return f'<p class="last">{said}</p>'
