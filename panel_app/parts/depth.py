"""What stands in a book over time and price, and on it the price, walls and whale orders."""

from html import escape
from typing import Any

import panel as pn
import pyarrow as pa
import pyarrow.compute as pc
from bokeh.models import (
    ColumnDataSource,
    CrosshairTool,
    HoverTool,
    LinearColorMapper,
    NumeralTickFormatter,
)

from panel_app import text
from panel_app.parts.marks import TOOLTIPS, Marks
from panel_app.parts.part import GREY, LINE, Part
from panel_app.parts.plot import blank, milliseconds, renew, shades

_CELLS = ("x", "right", "bottom", "top", "worth", "size", "whales")


class Depth(Part):
    """Rows of reports.book_depth of one book; `marks` is what came to it, asked for by itself."""

    height = 420

    def __init__(self, empty: str) -> None:
        self.marks = Marks()
        self._sides = {
            side: (ColumnDataSource({name: [] for name in _CELLS}), LinearColorMapper(low=0))
            for side in (1, -1)
        }
        self._mids = ColumnDataSource({"x": [], "mid": []})
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return what the marks mean, and the chart."""
        drawn = blank(self.height, x_axis_type="datetime")
        drawn.grid.visible = False
        cells = [
            drawn.quad(
                left="x", right="right", bottom="bottom", top="top", source=source,
                line_color=None, fill_color={"field": "worth", "transform": mapper},
            )
            for source, mapper in self._sides.values()
        ]  # fmt: skip
        drawn.step("x", "mid", source=self._mids, mode="after", color=LINE, line_width=1.8)
        marks = self.marks.draw(drawn)
        drawn.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
        self._axis = drawn.xaxis[0]
        self._hover = HoverTool(renderers=cells, formatters={"@x": "datetime"})
        drawn.add_tools(
            self._hover,
            HoverTool(renderers=[marks], tooltips=TOOLTIPS, attachment="above"),
            CrosshairTool(line_color=GREY, line_alpha=0.6),
        )
        chart = pn.pane.Bokeh(drawn, sizing_mode="stretch_width", margin=0, height=self.height)
        return [self.marks.view, chart]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return which book it is, and what the shades mean."""
        self._axis.axis_label = str(self.look.zone)
        most = pc.max(rows.column("notional")).as_py() or 1
        colours = {1: self.look.up, -1: self.look.down}
        for side, (source, mapper) in self._sides.items():
            mapper.update(palette=shades(colours[side]), high=most)
            renew(source, self._cells(rows.filter(pc.equal(rows.column("book_side"), side))))
        mids = rows.group_by("bar_at", use_threads=False).aggregate([("mid", "max")])
        mids = mids.sort_by("bar_at")
        moments = milliseconds(mids.column("bar_at"), self.look).to_pylist()
        renew(self._mids, {"x": moments, "mid": mids.column("mid_max").to_pylist()})
        first = rows.slice(0, 1).to_pylist()[0]
        quote = escape(first["pair"].partition("-")[2] or "quote currency")
        self._hover.tooltips = [
            ("at", "@x{%F %T}"), ("price", "@bottom{0,0.[0000]} to @top{0,0.[0000]}"),
            ("stands", f"@worth{{0,0}} {quote}, @size{{0,0.[000]}}"), ("whales came", "@whales"),
        ]  # fmt: skip
        seen = pc.min(rows.column("seen_frac")).as_py()
        some = "" if seen is None or seen > 0.99 else f"<span>{_seen(seen)}</span>"
        return (
            f'<p class="last"><b class="named">{escape(first["venue"])} {escape(first["pair"])}</b>'
            f'<span>0 <i class="shade bid"></i><i class="shade ask"></i> '
            f"<b>{text.figure('', float(most)).split('.')[0]} {quote}</b></span>"
            f'<span class="up">bids below</span><span class="down">asks above</span>'
            f'<span><i class="key line"></i>mid</span>{some}</p>'
        )

    def _cells(self, rows: pa.Table) -> dict[str, Any]:
        begins = milliseconds(rows.column("bar_at"), self.look)
        return {
            "x": begins.to_pylist(),
            "right": milliseconds(rows.column("known_at"), self.look).to_pylist(),
            "bottom": rows.column("price_from").to_pylist(),
            "top": rows.column("price_to").to_pylist(),
            "worth": rows.column("notional").to_pylist(),
            "size": rows.column("size").to_pylist(),
            "whales": rows.column("n_whales").to_pylist(),
        }


def _seen(frac: float) -> str:
    return f"at times {text.figure('_frac', frac)} of a side is seen; the rest has not changed"
