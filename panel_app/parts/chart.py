"""One column as a line and another as bars below it, over the first column."""

from html import escape
from typing import Any

import panel as pn
import pyarrow as pa

from panel_app import text
from panel_app.parts.part import Part
from panel_app.parts.plot import Plot


class Chart(Part):
    """The last row's figures, and below them the chart; the first column is its time."""

    def __init__(self, line: str, bars: str, empty: str) -> None:
        self._plot = Plot(line, bars)
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the chart."""
        drawn = pn.pane.Bokeh(
            self._plot.layout, sizing_mode="stretch_width", margin=0, height=self._plot.height
        )
        return [drawn]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return the last one's figures."""
        last = rows.slice(rows.num_rows - 1).to_pylist()[0]
        facts = [
            f"<span>{text.label(name)} <b>{text.figure(name, value, self.look.zone)}</b></span>"
            for name, value in last.items()
            if not isinstance(value, str)
        ]
        named = " ".join(escape(value) for value in last.values() if isinstance(value, str))
        self._plot.take(rows, self.look)
        return f'<p class="last"><b class="named">{named}</b>{"".join(facts)}</p>'
