"""Columns by strike, above and below one line, with prices marked across them."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import panel as pn
import pyarrow as pa
from bokeh.layouts import column
from bokeh.models import (
    ColumnDataSource,
    CustomJSTickFormatter,
    HoverTool,
    NumeralTickFormatter,
    Range1d,
)
from bokeh.models.annotations import Span

from panel_app import text
from panel_app.parts.part import DOWN, GREY, LINE, MORE, UP, Part
from panel_app.parts.plot import blank

_NEAR = 0.25  # of the price, each way: what is shown of a long list of strikes at first
_MANY = 40  # strikes; fewer are shown whole
_MARKS = ((LINE, "solid", "line"), (MORE[1], "dashed", "second"))
# Both sides of the line are amounts; Bokeh's own formats would write a minus below it.
_AMOUNTS = """
const size = Math.abs(tick);
const unit = size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
return String(+(size / unit[0]).toPrecision(3)) + unit[1];
"""


class Strikes(Part):
    """A chart for each pair of columns, one drawn upwards and one downwards, by what it shows.

    A column alone is drawn up or down by its sign. `marks`: at most two columns of whose first
    row a line is drawn. `named`: what it is about. `facts`: what else is said of the first row.
    """

    heights = (212, 124)

    def __init__(
        self, pairs: Mapping[str, Sequence[str]], marks: Sequence[str], named: str, empty: str,
        *, facts: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._pairs, self._marks, self._named, self._facts = pairs, marks, named, facts
        self._drawn = [name for pair in pairs.values() for name in pair]
        names = ("x", "wide", *self._drawn, *(f"{name}_said" for name in self._drawn))
        self._source = ColumnDataSource({name: [] for name in names})
        self._around = Range1d(start=0, end=1)
        self._bars: list[tuple[int, Any]] = []  # 1 is drawn upwards, -1 downwards
        self._spans: list[list[Span]] = [[] for _ in marks]
        self._of: Any = None
        super().__init__(empty)

    def panes(self) -> list[Any]:
        """Return the charts."""
        heights = self.heights[: len(self._pairs)]
        charts = [self._chart(*each) for each in zip(self._pairs.items(), heights, strict=True)]
        for upper in charts[:-1]:
            upper.xaxis.visible = False
        charts[-1].xaxis.axis_label = "strike"
        laid = column(*charts, sizing_mode="stretch_width", spacing=0)
        height = sum(heights)
        return [pn.pane.Bokeh(laid, sizing_mode="stretch_width", margin=0, height=height)]

    def show(self, rows: pa.Table) -> str:
        """Draw the rows; return what holds for all of them."""
        first = rows.slice(0, 1).to_pylist()[0]
        self._draw(rows)
        said = [_of(first)]
        if len(self._drawn) > 1:
            said.append('<span><i class="box up"></i>calls</span>')
            said.append('<span><i class="box down"></i>puts, downwards</span>')
        for name, spans, (_, _, kind) in zip(self._marks, self._spans, _MARKS, strict=False):
            price = first[name]
            for span in spans:
                span.visible = price is not None
                span.location = float(price or 0)
            if price is not None:
                said.append(f'<span><i class="key {kind}"></i>{_fact(name, price)}</span>')
        facts = [name for name in self._facts if first[name] is not None]
        said += [f"<span>{_fact(name, first[name])}</span>" for name in facts]
        named = escape(str(first[self._named]))
        return f'<p class="last"><b class="named">{named}</b>{"".join(said)}</p>'

    def _chart(self, shown: tuple[str, Sequence[str]], height: int) -> Any:
        says, names = shown
        made = blank(height, x_range=self._around)
        for sign, name in zip((1, -1), names, strict=False):
            bars = made.vbar(
                "x", "wide", top=name, source=self._source, line_color=None, fill_alpha=0.85,
                fill_color=(UP if sign == 1 else DOWN) if len(names) > 1 else f"{name}_color",
            )  # fmt: skip
            self._bars.append((sign, bars))
        if len(names) == 1:
            self._source.data[f"{names[0]}_color"] = []
        for spans, (color, dash, _) in zip(self._spans, _MARKS, strict=False):
            spans.append(
                Span(
                    dimension="height", line_color=color, line_dash=dash, line_width=2,
                    visible=False,
                )
            )  # fmt: skip
            made.add_layout(spans[-1])
        made.add_layout(Span(location=0, dimension="width", line_color=GREY))
        made.yaxis.axis_label = says
        made.yaxis[0].formatter = (
            CustomJSTickFormatter(code=_AMOUNTS)
            if len(names) > 1
            else NumeralTickFormatter(format="$0.[0]a")
        )
        tips = [("strike", "@x{0,0.[00]}")]
        tips += [(text.label(name), f"@{name}_said") for name in names]
        made.add_tools(HoverTool(tooltips=tips, mode="vline", renderers=[self._bars[-1][1]]))
        return made

    def _draw(self, rows: pa.Table) -> None:
        strikes = [float(each) for each in rows.column("strike").to_pylist()]
        wide = _widths(strikes)
        data: dict[str, Any] = {"x": strikes, "wide": wide}
        up, down = self.look.up, self.look.down
        for pair in self._pairs.values():
            for sign, name in zip((1, -1), pair, strict=False):
                values = rows.column(name).to_pylist()
                data[name] = [None if each is None else sign * each for each in values]
                data[f"{name}_said"] = [text.figure(name, each) for each in values]
                if len(pair) == 1:
                    data[f"{name}_color"] = [up if (each or 0) >= 0 else down for each in values]
        if dict(self._source.data) != data:
            self._source.data = data
        for sign, bars in self._bars:
            if isinstance(bars.glyph.fill_color, str) and bars.glyph.fill_color.startswith("#"):
                bars.glyph.fill_color = up if sign == 1 else down
        if self._of != strikes:
            self._of = strikes
            self._zoom(strikes, wide, rows.column(self._marks[0])[0].as_py())

    def _zoom(self, strikes: list[float], wide: list[float], price: Any) -> None:
        """Show all strikes, or of many those around the price."""
        low, high = strikes[0] - wide[0], strikes[-1] + wide[-1]
        if price is not None and len(strikes) > _MANY:
            low = max(low, float(price) * (1 - _NEAR))
            high = min(high, float(price) * (1 + _NEAR))
        self._around.update(start=low, end=high, reset_start=low, reset_end=high)


def _widths(strikes: list[float]) -> list[float]:
    """Return how wide each column may be, so that it leaves its neighbours room."""
    far = float("inf")
    gaps = zip([-far, *strikes], strikes, [*strikes[1:], far], strict=False)
    nearest = [min(after - here, here - before) for before, here, after in gaps]
    return [0.82 * (gap if gap != far else 1.0) for gap in nearest]


def _fact(name: str, value: Any) -> str:
    return f"{text.label(name)} <b>{text.figure(name, value)}</b>"


def _of(row: Mapping[str, Any]) -> str:
    """Say of which expiration it is, and lead from one back to all."""
    if row["expiration"] is None:
        return "<span>all expirations</span>"
    return (
        f"<span>expiration <b>{row['expiration']}</b> "
        '<button type="button" class="action" data-set="expiration" data-value="">'
        "all expirations</button></span>"
    )
