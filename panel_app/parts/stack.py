"""A score over sessions, with the points of its parts stacked from the middle."""

from collections.abc import Mapping
from html import escape
from typing import Any

import panel as pn
import pyarrow as pa
from bokeh.models import ColumnDataSource, CrosshairTool, HoverTool

from panel_app import text
from panel_app.parts.part import GREY, LINE, MORE, Part
from panel_app.parts.plot import blank
from panel_app.parts.story import DAY_MS, at_ms

_COLOURS = (LINE, *MORE)


class Stack(Part):
    """`score` is the column of the sum, `parts` columns of points and what they are called.

    What lifts the score stands above the middle, what pulls it down below.
    """

    def __init__(self, score: str, parts: Mapping[str, str], middle: float, empty: str) -> None:
        self._score, self._parts, self._middle = score, parts, middle
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the chart."""
        names = [f"{name}_{end}" for name in self._parts for end in ("from", "to")]
        self._names = ["x", "score", *self._parts, *names]
        self._source = ColumnDataSource({name: [] for name in self._names})
        drawn = blank(240, x_axis_type="datetime")
        drawn.hspan([self._middle], line_color=GREY)
        for name, colour in zip(self._parts, _COLOURS, strict=False):
            drawn.vbar(
                "x", 0.8 * DAY_MS, f"{name}_to", f"{name}_from", source=self._source,
                line_color=None, fill_color=colour, fill_alpha=0.8,
            )  # fmt: skip
        line = drawn.line("x", "score", source=self._source, color=GREY, line_width=2)
        drawn.scatter("x", "score", source=self._source, color=GREY, size=4)
        drawn.xaxis.axis_label = "session (New York)"
        drawn.add_tools(
            HoverTool(
                renderers=[line], mode="vline",
                tooltips=[("session", "@x{%F}"), ("score", "@score{0.0}")]
                + [(words, f"@{name}{{+0.0}}") for name, words in self._parts.items()],
                formatters={"@x": "datetime"},
            ),
            CrosshairTool(dimensions="height", line_color=GREY, line_alpha=0.6),
        )  # fmt: skip
        return [pn.pane.Bokeh(drawn, sizing_mode="stretch_width", margin=0, height=240)]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return the newest one's parts, which are the legend too."""
        told = rows.to_pylist()
        found: dict[str, list[Any]] = {name: [] for name in self._names}
        for row in told:
            found["x"].append(at_ms(row["session_date"]))
            found["score"].append(row[self._score])
            above = below = self._middle
            for name in self._parts:
                points = row[name] or 0.0
                begin = above if points > 0 else below
                found[name].append(points)
                found[f"{name}_from"].append(begin)
                found[f"{name}_to"].append(begin + points)
                above, below = above + max(points, 0.0), below + min(points, 0.0)
        self._source.data = found
        last = told[-1]
        parts = "".join(
            f'<span><i class="key" style="background:{colour}"></i>{escape(words)} '
            f"<b>{last[name] or 0:+.1f}</b></span>"
            for (name, words), colour in zip(self._parts.items(), _COLOURS, strict=False)
        )
        score = text.figure(self._score, round(last[self._score], 1))
        return (
            f'<p class="last"><b class="named">{last["session_date"]}</b>'
            f"<span>{text.label(self._score)} <b>{score}</b> = {self._middle:g}</span>{parts}</p>"
        )
