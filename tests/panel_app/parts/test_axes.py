"""The fields above an answer choose how it is shown, and what is not drawn is said below them."""

import pyarrow as pa

from panel_app.bench import Found
from panel_app.charted import charted
from panel_app.parts import axes

ROWS = pa.table({"<b>": ["x"], "n": [1], "premium_usd": [2.0]})
FOUND = Found(ROWS, 1, 0.25, None, "")


def test_without_a_chart_there_is_the_choice_of_one_and_of_rows() -> None:
    said = axes.fields(ROWS.schema, "", None, 'n > "5"')

    assert 'data-set="chart" data-value="heat" aria-pressed="false">Heat map' in said
    assert 'data-set="chart" data-value="" aria-pressed="true">Rows' in said
    assert 'data-set="only" value="n &gt; &quot;5&quot;"' in said
    assert 'data-set="x"' not in said


def test_what_is_drawn_is_chosen_and_a_press_adds_or_removes_a_column() -> None:
    said = axes.fields(ROWS.schema, "bars", charted(ROWS, "bars"), "")

    assert '<option value="&lt;b&gt;" selected>&lt;b&gt;</option>' in said
    assert 'data-set="y" data-value="n,premium_usd" aria-pressed="false">premium_usd' in said
    assert 'data-set="y" data-value="" aria-pressed="true">n<' in said
    assert '<option value="-" selected>one</option>' in said


def test_a_heat_map_has_one_shade_and_a_column_upwards() -> None:
    rows = pa.table({"a": ["x"], "b": ["y"], "n": [1]})
    said = axes.fields(rows.schema, "heat", charted(rows, "heat"), "")

    assert "<span>Shade</span>" in said
    assert "<span>Upwards</span>" in said
    assert '<option value="-"' not in said


def test_what_is_left_out_and_what_does_not_fit_is_said() -> None:
    found = Found(ROWS, 20_000, 0.25, None, "")
    chosen = charted(ROWS, "bars", "m")
    said = axes.told(found, chosen, ["2 without n are left out"], ["sort: <it> has none"])

    assert "the first 1 of 20,000 rows are drawn; 2 without n are left out" in said
    assert "sort: &lt;it&gt; has none" in said
    assert "x: the answer has no &#x27;m&#x27; to draw" in said
    assert axes.told(FOUND, charted(ROWS, "bars"), [], []) == ""
