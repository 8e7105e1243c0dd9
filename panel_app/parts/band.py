"""A share by session within the band that is usual for it; what is beyond has its own shape."""

from html import escape
from typing import Any

import panel as pn
import pyarrow as pa
from bokeh.models import ColumnDataSource, CrosshairTool, HoverTool, NumeralTickFormatter

from panel_app import text
from panel_app.parts.part import GREY, LINE, MORE, Part
from panel_app.parts.plot import blank, milliseconds, renew

_MARKS = {"above": "triangle", "below": "inverted_triangle"}
_COLUMNS = ("offex_ratio", "usual_ratio", "low_ratio", "high_ratio")


class Band(Part):
    """Rows of reports.dark_pool_baseline of one stock; the first column is the time."""

    height = 250

    def __init__(self, empty: str) -> None:
        self._source = ColumnDataSource({name: [] for name in ("x", "mark", "size", *_COLUMNS)})
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the chart."""
        drawn = blank(self.height, x_axis_type="datetime")
        drawn.varea(
            "x", "low_ratio", "high_ratio", source=self._source, fill_color=GREY, fill_alpha=0.16
        )
        drawn.line(
            "x", "usual_ratio", source=self._source, color=GREY, line_dash="dashed", line_width=1.4
        )
        line = drawn.line("x", "offex_ratio", source=self._source, color=LINE, line_width=1.8)
        drawn.scatter(
            "x", "offex_ratio", source=self._source, marker="mark", size="size", color=MORE[1]
        )
        drawn.yaxis.formatter = NumeralTickFormatter(format="0 %")
        self._axis = drawn.xaxis[0]
        shown = [
            ("session", "@x{%F}"), ("off exchange", "@offex_ratio{0.0 %}"),
            ("usual", "@usual_ratio{0.0 %}"), ("band", "@low_ratio{0.0 %} to @high_ratio{0.0 %}"),
        ]  # fmt: skip
        drawn.add_tools(
            HoverTool(
                tooltips=shown, formatters={"@x": "datetime"}, mode="vline", renderers=[line]
            ),
            CrosshairTool(dimensions="height", line_color=GREY, line_alpha=0.6),
        )
        return [pn.pane.Bokeh(drawn, sizing_mode="stretch_width", margin=0, height=self.height)]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return what the last one is."""
        places = rows.column("band_place").to_pylist()
        self._axis.axis_label = str(self.look.zone)
        renew(
            self._source,
            {name: [_nan(value) for value in rows.column(name).to_pylist()] for name in _COLUMNS}
            | {
                "x": milliseconds(rows.column(0), self.look).to_pylist(),
                "mark": [_MARKS.get(place, "circle") for place in places],
                "size": [9 if place in _MARKS else 0 for place in places],
            },
        )
        last = rows.slice(rows.num_rows - 1).to_pylist()[0]
        name = escape(last["symbol"] or "all stocks")
        facts = [
            f"<span>{last['session_date']}</span>",
            f"<span>off exchange <b>{text.figure('_frac', last['offex_ratio'])}</b></span>",
        ]
        if last["band_place"] is None:
            facts.append(f"<span>no band: {last['n_obs']} of 20 sessions before it</span>")
        else:
            facts.append(
                f"<span>usual <b>{text.figure('_frac', last['usual_ratio'])}</b>, band "
                f"{text.figure('_frac', last['low_ratio'])} to "
                f"{text.figure('_frac', last['high_ratio'])}</span>"
                f"<span><b>{last['band_place']}</b> it</span>"
            )
        facts.append('<span class="key-words">▲ above the band · ▼ below it</span>')
        return f'<p class="last"><b class="named">{name}</b>{"".join(facts)}</p>'


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value
