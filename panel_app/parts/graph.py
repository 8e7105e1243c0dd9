"""Draws what an analyst chose of an answer, as HoloViews is told it: what each column stands for.

A chart that is drawn once for one answer is what HoloViews is best at; those that live are Bokeh's
own, which patches them (see parts.plot).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from threading import Lock
from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from bokeh.models import LinearAxis, NumeralTickFormatter
from holoviews.core.options import StoreOptions

from leadline.errors import QueryError
from panel_app.charted import Charted
from panel_app.parts.part import DOWN, GREY, LINE, MORE, UP, Look
from panel_app.parts.plot import dressed, milliseconds, shades

HEIGHT = 330
SERIES, PLACES, BINS = 8, 240, 60  # more colours, places and bins nobody tells apart
COLOURS = [LINE, MORE[1], MORE[0], UP, DOWN, MORE[3], MORE[2], GREY]
_DASHES = ["solid", "dashed", "dotted", "dotdash", "dashdot"]
_MARKS = ["circle", "triangle", "square", "diamond", "inverted_triangle", "hex", "star"]
_DRAWING = Lock()  # HoloViews keeps in one place what is set of all that it draws
# What HoloViews is told: an element, its kind, how it is plotted, and its style.
Drawing = tuple[Any, str, dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class _Points:
    """A place along the chart, a series and a value each; and in words what is left out."""

    x: Any
    of: Any
    y: Any
    names: Sequence[str]  # of the series
    said: Sequence[str]


def drawn(rows: pa.Table, chosen: Charted, look: Look) -> tuple[Any, Sequence[str]]:
    """Return a figure of an answer, and in words what it leaves out."""
    points = _points(rows, chosen, look)
    element, kind, how, style = _ELEMENTS[chosen.kind](points, look)
    with _DRAWING:
        hv.Store.set_current_backend("bokeh")
        with StoreOptions.options(element, _options(kind, how, style)):
            plot = hv.renderer("bokeh").get_plot(element)
        figure = plot.state
        plot.cleanup()  # else HoloViews holds it for good
    dressed(figure).output_backend = "canvas"  # where WebGL is slow, it is very slow
    _name(figure, rows, chosen, points, look)
    return figure, points.said


def _lines(points: _Points, look: Look) -> Drawing:
    series = hv.Dataset((points.x, points.of, points.y), ["x", _series(points)], "y")
    cycled = {"color": hv.Cycle(COLOURS), "line_dash": hv.Cycle(_DASHES), "line_width": 1.8}
    return series.to(hv.Curve, "x", "y").overlay("of"), "Curve", {}, cycled


def _dots(points: _Points, look: Look) -> Drawing:
    series = hv.Dataset((points.x, points.of, points.y), ["x", _series(points)], "y")
    cycled = {
        "color": hv.Cycle(COLOURS), "marker": hv.Cycle(_MARKS), "size": 7, "fill_alpha": 0.5,
    }  # fmt: skip
    return series.to(hv.Scatter, "x", "y").overlay("of"), "Scatter", {}, cycled


def _bars(points: _Points, look: Look) -> Drawing:
    bars = hv.Bars((points.x, points.of, points.y), ["x", "of"], "y")
    # By its map of colours alone: a colour that is said of a column stands at other bars' places.
    style = {"cmap": COLOURS, "line_color": None, "fill_alpha": 0.85}
    return bars, "Bars", {"multi_level": False}, style


def _histogram(points: _Points, look: Look) -> Drawing:
    known = points.y[np.isfinite(points.y)]
    edges = np.histogram_bin_edges(known, bins=min(BINS, max(8, ceil(len(known) ** 0.5))))
    counted = {
        name: hv.Histogram(np.histogram(known_of, bins=edges), kdims="x", vdims="n")
        for name in points.names
        if len(known_of := points.y[(points.of == name) & np.isfinite(points.y)])
    }
    cycled = {"color": hv.Cycle(COLOURS), "fill_alpha": 0.55, "line_color": None}
    return hv.NdOverlay(counted, kdims=[_series(points)]), "Histogram", {}, cycled


def _heat(points: _Points, look: Look) -> Drawing:
    known = points.y[np.isfinite(points.y)]
    most, least = float(max(known, default=0)), float(min(known, default=0))
    end = max(abs(most), abs(least)) or 1.0
    above, below = shades(look.up), shades(look.down)[::-1]
    if least >= 0:
        colours, limits = shades(LINE), (0.0, end)
    else:
        colours, limits = [*below, *above], (-end, end)
    cells = hv.HeatMap((points.x, points.of, points.y), ["x", "of"], "y")
    return cells, "HeatMap", {"clim": limits}, {"cmap": colours}


_ELEMENTS = {
    "line": _lines, "scatter": _dots, "bars": _bars, "histogram": _histogram, "heat": _heat,
}  # fmt: skip


def _options(kind: str, how: dict[str, Any], style: dict[str, Any]) -> dict[str, Any]:
    common = {
        "responsive": True, "height": HEIGHT, "toolbar": None, "default_tools": [],
        "active_tools": [], "tools": ["xpan", "xwheel_zoom", "reset", "hover"],
    }  # fmt: skip
    above = {"plot": common | {"legend_position": "top"}}
    return {"NdOverlay": above, kind: {"plot": common | how, "style": style}}


def _series(points: _Points) -> Any:
    """Return what tells series apart, in the order of the answer, as colours are given."""
    return hv.Dimension("of", values=list(points.names))


def _name(figure: Any, rows: pa.Table, chosen: Charted, points: _Points, look: Look) -> None:
    """Say on a figure what its axes and its colours are, in the house's style."""
    value = chosen.ys[0] if len(chosen.ys) == 1 else "value"
    along, upwards = chosen.x, ", ".join(chosen.ys)
    if chosen.kind == "histogram":
        along, upwards = upwards, "rows"
    elif chosen.kind == "heat":
        upwards = chosen.by
    is_moment = chosen.x and pa.types.is_timestamp(rows.schema.field(chosen.x).type)
    figure.xaxis.axis_label = f"{along} ({look.zone})" if is_moment else along
    figure.yaxis.axis_label = upwards
    if chosen.kind != "heat":
        figure.yaxis.formatter = NumeralTickFormatter(format=_form(upwards))
    if type(figure.xaxis[0]) is LinearAxis:
        figure.xaxis.formatter = NumeralTickFormatter(format=_form(along))
    if chosen.kind in ("bars", "heat"):
        figure.xaxis.major_label_orientation = figure.xaxis.group_label_orientation = 0.9
        figure.xaxis.group_text_color = GREY
        figure.grid.visible = False
    words = {"x": value if chosen.kind == "histogram" else along, "of": chosen.by or "of"}
    words |= {"n": "rows", "y": value, "zvalues": value}
    for hover in figure.hover:
        day = "%F %T" if is_moment else "%F"
        hover.tooltips = [
            (words.get(name, name), said.replace("%F %T", day))
            for name, said in hover.tooltips
            if name != "of" or len(points.names) > 1
        ]
    for legend in figure.legend:
        legend.update(
            title=None, background_fill_alpha=0, border_line_color=None, label_text_color=GREY,
            label_text_font_size="11px", orientation="horizontal", visible=len(points.names) > 1,
            margin=4, padding=0, spacing=14,
        )  # fmt: skip


def _form(column: str) -> str:
    if column.endswith("_frac"):
        return "0.[0] %"
    return "$0.[00]a" if column.endswith(("_usd", "_usd_1pct")) else "0,0.[0000]"


def _points(rows: pa.Table, chosen: Charted, look: Look) -> _Points:
    """Return what is drawn: of several columns a series each, and each within its colour."""
    by = _words(rows.column(chosen.by), look) if chosen.by else None
    n = rows.num_rows
    if chosen.kind == "histogram":
        along: Any = np.zeros(n)
    elif chosen.kind in ("bars", "heat"):
        along = _words(rows.column(chosen.x), look)
    else:
        along = _numbers(rows.column(chosen.x), look)
    ys = chosen.ys
    of = [by if len(ys) == 1 and by is not None else _named(name, by, n) for name in ys]
    points = [np.concatenate(each) for each in (
        [along] * len(ys), of, [_numbers(rows.column(name), look) for name in ys]
    )]  # fmt: skip
    return _Bounds(chosen).held(*points)


class _Bounds:
    """Leaves out what can't be drawn or told apart, and says what that was."""

    def __init__(self, chosen: Charted) -> None:
        self._kind, self._chosen = chosen.kind, chosen
        self._said: list[str] = []

    def held(self, x: Any, of: Any, y: Any) -> _Points:
        """Return what is left, and what was left out."""
        if self._kind in ("line", "scatter"):
            has_place = ~np.isnat(x) if x.dtype.kind == "M" else np.isfinite(x)
            if n := int((~has_place).sum()):
                self._said.append(f"{n:,} without {self._chosen.x} are left out")
            x, of, y = x[has_place], of[has_place], y[has_place]
        else:
            x, of, y = self._first(x, of, y, x, PLACES, f"places of {self._chosen.x}")
        x, of, y = self._first(x, of, y, of, SERIES if self._kind != "heat" else PLACES, "series")
        if self._kind in ("bars", "heat"):
            self._hold_once(x, of)
        names = list(dict.fromkeys(of.tolist()))
        if self._kind == "line":  # from left to right, however the answer is sorted
            order = np.argsort(x, kind="stable")
            return _Points(x[order], of[order], y[order], names, self._said)
        return _Points(x, of, y, names, self._said)

    def _first(self, x: Any, of: Any, y: Any, told: Any, most: int, what: str) -> Any:
        names = list(dict.fromkeys(told.tolist()))
        if len(names) <= most:
            return x, of, y
        self._said.append(f"the first {most} of {len(names):,} {what} are drawn")
        is_in = np.isin(told, np.array(names[:most], dtype=object))
        return x[is_in], of[is_in], y[is_in]

    def _hold_once(self, x: Any, of: Any) -> None:
        n = len(x) - len(set(zip(x.tolist(), of.tolist(), strict=True)))
        if n:
            raise QueryError(
                f"{self._kind}: {n:,} rows share their place with another; group them in the "
                f"query, or choose another colour"
            )


def _named(column: str, by: Any, n: int) -> Any:
    """Return the series of a column that is drawn beside others."""
    if by is None:
        return np.full(n, column, dtype=object)
    return np.array([f"{each} · {column}" for each in by], dtype=object)


def _words(column: pa.ChunkedArray, look: Look) -> Any:
    """Return a column as texts, as a table shows them."""
    if pa.types.is_timestamp(column.type):
        column = pc.strftime(pc.cast(column, pa.timestamp("s", str(look.zone)), safe=False))
    said = ["—" if each is None else str(each) for each in column.to_pylist()]
    return np.array(said, dtype=object)


def _numbers(column: pa.ChunkedArray, look: Look) -> Any:
    """Return a column as Bokeh draws it; moments by the viewer's clock, as it knows no zones."""
    if pa.types.is_timestamp(column.type):
        there = milliseconds(column, look)
        return np.array(there.to_pylist(), dtype="float64").astype("datetime64[ms]")
    if pa.types.is_date(column.type):
        return np.array(column.to_pylist(), dtype="datetime64[ms]")
    return np.array(pc.cast(column, pa.float64()).to_pylist(), dtype="float64")
