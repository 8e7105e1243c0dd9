"""An answer is drawn as it was chosen: each value at its place, in the colour of its series."""

import gc
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import holoviews as hv
import pyarrow as pa
import pytest
from bokeh.models import HoverTool

from leadline.errors import QueryError
from panel_app.charted import charted
from panel_app.parts.graph import COLOURS, HEIGHT, PLACES, SERIES, drawn
from panel_app.parts.part import Look

NEW_YORK = Look(ZoneInfo("America/New_York"))
ROWS = pa.table(
    {
        "underlying": ["ECHO", "ECHO", "ALFA", "GLFF", "ALFA"],
        "put_call": ["put", "call", "put", "call", "call"],
        "at": [datetime(2024, 3, 4, 15, tzinfo=UTC) - timedelta(hours=n) for n in range(5)],
        "premium_usd": [Decimal("6.5"), Decimal(5), None, Decimal(3), Decimal(-2)],
    }
)  # fmt: skip


def of(rows: pa.Table, kind: str, look: Look | None = None, **said: str) -> tuple[Any, list[str]]:
    figure, left_out = drawn(rows, charted(rows, kind, **said), look or Look())
    return figure, list(left_out)


def test_each_bar_stands_at_its_place_in_the_colour_of_its_series() -> None:
    figure, _ = of(ROWS, "bars")

    (bars,) = figure.renderers
    found = bars.data_source.data
    places = {tuple(place): y for place, y in zip(found["xoffsets"], found["y"], strict=True)}
    colour = bars.glyph.fill_color
    series = found[colour.field]
    assert places["ECHO", "put"] == 6.5
    assert places["ALFA", "call"] == -2
    assert [tuple(place)[1] for place in found["xoffsets"]] == list(series)
    assert (colour.transform.factors, colour.transform.palette) == (["put", "call"], COLOURS[:2])
    assert [place for place, _ in figure.x_range.factors[::2]] == ["ECHO", "ALFA", "GLFF"]


def test_a_line_goes_from_left_to_right_by_the_clock_of_the_viewer() -> None:
    figure, _ = of(ROWS, "line", NEW_YORK, by="put_call")

    puts, calls = (line.data_source.data for line in figure.renderers)
    first = datetime(2024, 3, 4, 6)
    assert calls["x"][0].astype("datetime64[us]").item() == first
    assert list(calls["y"]) == [-2.0, 3.0, 5.0]
    assert list(puts["y"])[1] == 6.5
    assert figure.xaxis[0].axis_label == "at (America/New_York)"
    assert [line.glyph.line_dash for line in figure.renderers] == [[], [6]]


def test_several_columns_are_a_series_each_with_a_shape_of_its_own() -> None:
    rows = pa.table({"n": [1, 2, None], "a": [1.0, 2.0, 3.0], "b": [3.0, 2.0, 1.0]})
    figure, left_out = of(rows, "scatter", x="n", y="a,b")

    assert [dots.glyph.marker for dots in figure.renderers] == ["circle", "triangle"]
    assert [item.label.value for item in figure.legend[0].items] == ["a", "b"]
    assert left_out == ["2 without n are left out"]


def test_a_histogram_counts_rows_in_bins_that_all_series_share() -> None:
    rows = pa.table({"n": [*range(90), *range(10)], "of": ["a"] * 90 + ["b"] * 10})
    figure, _ = of(rows, "histogram", by="of")

    a, b = (bars.data_source.data for bars in figure.renderers)
    assert (sum(a["top"]), sum(b["top"])) == (90, 10)
    assert list(a["left"]) == list(b["left"])


def test_a_heat_map_is_shaded_both_ways_where_values_have_signs() -> None:
    figure, _ = of(ROWS, "heat", x="underlying")
    without, _ = of(pa.table({"a": ["x"], "b": ["y"], "n": [4]}), "heat")

    shades = figure.renderers[0].glyph.fill_color.transform
    assert (shades.low, shades.high) == (-6.5, 6.5)
    assert shades.palette[0].startswith(Look().down)
    assert shades.palette[-1].startswith(Look().up)
    assert without.renderers[0].glyph.fill_color.transform.low == 0


def test_what_is_too_much_to_tell_apart_is_left_out_and_said() -> None:
    n = 20 * PLACES
    words = [f"w{i}" for i in range(n)]
    rows = pa.table({"word": words, "of": [f"s{i % 20}" for i in range(n)], "n": range(n)})

    _, bars = of(rows, "bars")
    figure, lines = of(rows, "line", x="n", by="of")

    assert bars == [f"the first {PLACES} of {n:,} places of word are drawn"]
    assert lines == [f"the first {SERIES} of 20 series are drawn"]
    assert len(figure.renderers) == SERIES


def test_bars_that_would_hide_one_another_are_refused() -> None:
    with pytest.raises(QueryError, match="bars: 3 rows share their place with another"):
        of(ROWS, "bars", x="put_call", by="-")


def test_it_looks_as_the_other_charts_and_says_what_is_pointed_at() -> None:
    figure, _ = of(ROWS, "bars")

    assert (figure.height, figure.sizing_mode) == (HEIGHT, "stretch_width")
    assert figure.background_fill_color is None
    assert figure.output_backend == "canvas"
    tips = [tip for tool in figure.select(HoverTool) for tip, _ in tool.tooltips]
    assert tips == ["underlying", "put_call", "premium_usd"]


def test_nothing_of_a_drawn_chart_is_held() -> None:
    def n_held() -> int:
        gc.collect()
        return sum(type(each).__name__ == "BarPlot" for each in gc.get_objects())

    rows = pa.table({"day": [date(2024, 3, 4)], "n": [1]})
    of(rows, "bars")
    before, kept = n_held(), len(hv.Store.custom_options(backend="bokeh"))
    for _ in range(3):
        of(rows, "bars")

    assert n_held() == before
    assert len(hv.Store.custom_options(backend="bokeh")) == kept
