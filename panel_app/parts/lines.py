"""Columns as lines over time, and one more against an axis of its own at the right."""

from collections.abc import Sequence
from html import escape
from typing import Any

import panel as pn
import pyarrow as pa
from bokeh.models import (
    ColumnDataSource,
    CrosshairTool,
    DataRange1d,
    HoverTool,
    LinearAxis,
    NumeralTickFormatter,
)
from bokeh.models.annotations import Span

from panel_app import text
from panel_app.parts.part import DOWN, GREY, LINE, UP, Part
from panel_app.parts.plot import blank, milliseconds, plain, renew


class Lines(Part):
    """The first column is the time. The first line has the colour of what rises, the other falls.

    `named`: the column that says what it is about. Lines are steps, told apart by their dashes.
    """

    height = 264

    def __init__(self, lines: Sequence[str], right: str, named: str, empty: str) -> None:
        self._lines, self._right, self._named = lines, right, named
        self._source = ColumnDataSource({name: [] for name in ("x", *lines, right)})
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the chart."""
        drawn = blank(self.height, x_axis_type="datetime", y_range=DataRange1d())
        drawn.extra_y_ranges = {"right": DataRange1d()}
        self._steps = [
            drawn.step(
                "x", name, source=self._source, mode="after", color=color, line_width=2,
                line_dash=dash,
            )
            for name, color, dash in zip(self._lines, (UP, DOWN), ("solid", "dashed"), strict=True)
        ]  # fmt: skip
        other = drawn.line(
            "x", self._right, source=self._source, color=LINE, line_width=1.2, line_alpha=0.8,
            y_range_name="right",
        )  # fmt: skip
        drawn.y_range.renderers = self._steps
        drawn.extra_y_ranges["right"].renderers = [other]
        axis = LinearAxis(y_range_name="right")
        plain(axis)
        drawn.add_layout(axis, "right")
        drawn.add_layout(Span(location=0, dimension="width", line_color=GREY, line_alpha=0.7))
        drawn.yaxis[0].formatter = NumeralTickFormatter(format="$0.[0]a")
        self._axis = drawn.xaxis[0]
        shown = [(text.label(name), f"@{name}{{$0,0}}") for name in self._lines]
        shown.append((self._right, f"@{self._right}{{0,0.00}}"))
        drawn.add_tools(
            HoverTool(
                tooltips=[("at", "@x{%F %H:%M}"), *shown], formatters={"@x": "datetime"},
                mode="vline", renderers=[self._steps[0]],
            ),
            CrosshairTool(dimensions="height", line_color=GREY, line_alpha=0.6),
        )  # fmt: skip
        return [pn.pane.Bokeh(drawn, sizing_mode="stretch_width", margin=0, height=self.height)]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return the last one's figures."""
        for step, color in zip(self._steps, (self.look.up, self.look.down), strict=True):
            step.glyph.line_color = color
        self._axis.axis_label = str(self.look.zone)
        columns = {name: rows.column(name).to_pylist() for name in (*self._lines, self._right)}
        renew(self._source, {"x": milliseconds(rows.column(0), self.look).to_pylist(), **columns})
        last = rows.slice(rows.num_rows - 1).to_pylist()[0]
        facts = [
            f'<span><i class="key {kind}"></i>{text.label(name)} '
            f"<b>{text.figure(name, last[name])}</b></span>"
            for name, kind in zip((*self._lines, self._right), ("up", "down", "line"), strict=True)
        ]
        return (
            f'<p class="last"><b class="named">{escape(last[self._named])}</b>{"".join(facts)}</p>'
        )
