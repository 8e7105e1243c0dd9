"""A line with bars below it, in colours that are read on light and on dark alike."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from bokeh.layouts import column
from bokeh.models import (
    ColumnDataSource,
    CrosshairTool,
    HoverTool,
    LinearColorMapper,
    NumeralTickFormatter,
)
from bokeh.plotting import figure

from panel_app.parts.part import DOWN, GREY, LINE, UP, Look

_SHADES = 32


class Plot:
    """Keeps its points in the browser, and sends only what is new or has changed."""

    height = 320

    def __init__(self, line: str, bars: str) -> None:
        self._line, self._bars = line, bars
        self.source = ColumnDataSource({"x": [], "line": [], "bars": []})
        upper = blank(210, x_axis_type="datetime")
        upper.line("x", "line", source=self.source, color=LINE, line_width=1.8)
        upper.xaxis.visible = False
        upper.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
        lower = blank(110, x_axis_type="datetime", x_range=upper.x_range, y_range=(-1.05, 1.05))
        self._colours = colours = LinearColorMapper(palette=[DOWN, UP], low=-1, high=1)
        self._axis = lower.xaxis[0]
        lower.vbar(
            "x", width=1_000, top="bars", source=self.source, line_color=None,
            fill_color={"field": "bars", "transform": colours},
        )  # fmt: skip
        lower.yaxis.ticker = [-1, 0, 1]
        hover = HoverTool(
            tooltips=[("at", "@x{%F %T}"), (line, "@line{0,0.[0000]}"), (bars, "@bars{0.00}")],
            formatters={"@x": "datetime"}, mode="vline",
        )  # fmt: skip
        upper.add_tools(hover)
        cross = CrosshairTool(dimensions="height", line_color=GREY, line_alpha=0.6)
        upper.add_tools(cross)
        lower.add_tools(cross)
        self.layout = column(upper, lower, sizing_mode="stretch_width", spacing=0)

    def take(self, answer: pa.Table, look: Look) -> None:
        """Show other points: new ones are streamed, changed ones patched."""
        self._colours.palette = [look.down, look.up]
        self._axis.axis_label = str(look.zone)
        renew(self.source, self._columns(answer, look))

    def _columns(self, answer: pa.Table, look: Look) -> dict[str, Any]:
        return {
            "x": milliseconds(answer.column(0), look).to_pylist(),
            "line": answer.column(self._line).to_pylist(),
            "bars": answer.column(self._bars).to_pylist(),
        }


def blank(height: int, **how: Any) -> Any:
    """Return a figure with nothing in it, in the house's style."""
    made = figure(
        height=height,
        sizing_mode="stretch_width",
        tools="xpan,xwheel_zoom,reset",
        toolbar_location=None,
        **how,
    )
    return dressed(made)


def dressed(made: Any) -> Any:
    """Set a figure in the house's style, whoever has made it."""
    made.update(
        background_fill_color=None, border_fill_color=None, outline_line_color=None,
        min_border_left=64,
    )  # fmt: skip
    made.grid.grid_line_color = GREY
    made.grid.grid_line_alpha = 0.18
    for axis in made.axis:
        plain(axis)
    return made


def shades(colour: str) -> list[str]:
    """Return one colour from hardly there to all of it: so it is read on light and on dark."""
    return [f"{colour}{round(18 + 215 * step / (_SHADES - 1)):02x}" for step in range(_SHADES)]


def plain(axis: Any) -> None:
    """Set an axis in the house's style."""
    axis.axis_line_color = axis.major_tick_line_color = None
    axis.minor_tick_line_color = None
    axis.major_label_text_color = GREY
    axis.major_label_text_font_size = axis.axis_label_text_font_size = "11px"
    axis.axis_label_text_color, axis.axis_label_text_font_style = GREY, "normal"


def renew(source: ColumnDataSource, new: Mapping[str, Sequence[Any]]) -> None:
    """Show other points along `x`: new ones are streamed, changed ones patched."""
    old = {name: list(values) for name, values in source.data.items()}
    there = bool(old["x"]) and bool(new["x"]) and new["x"][0] in old["x"]
    gone = old["x"].index(new["x"][0]) if there else None
    kept = 0 if gone is None else len(old["x"]) - gone
    if gone is None or old["x"][gone:] != new["x"][:kept]:
        source.data = {name: list(values) for name, values in new.items()}
        return
    changed = {
        name: [
            (gone + place, values[place])
            for place in range(kept)
            if old[name][gone + place] != values[place]
        ]
        for name, values in new.items()
    }
    if patches := {name: cells for name, cells in changed.items() if cells}:
        source.patch(patches)
    if len(new["x"]) > kept:
        added: dict[str, Any] = {name: values[kept:] for name, values in new.items()}
        source.stream(added, rollover=len(new["x"]))


def milliseconds(moments: pa.ChunkedArray, look: Look) -> pa.ChunkedArray:
    """Return moments as Bokeh reads them, which knows no zones: by the viewer's wall clock."""
    there = pc.cast(moments, pa.timestamp("us", str(look.zone)))
    return pc.divide(pc.cast(pc.local_timestamp(there), pa.int64()), 1_000)
