"""Figures of one row, large; what is nothing is quiet."""

import pyarrow as pa

from panel_app.parts.tiles import Tiles


def shown(n: int | None) -> str:
    part = Tiles(("n_high",))
    part.take(pa.table({"n_high": pa.array([n], pa.int64())}))
    return str(part.markup.html)


def test_a_column_is_a_figure_with_its_name() -> None:
    assert '<div class="tile high"><b>3</b><span>high</span></div>' in shown(3)


def test_a_nought_and_what_is_unknown_are_quiet() -> None:
    assert 'class="tile high none"><b>0</b>' in shown(0)
    assert 'class="tile high none"><b>—</b>' in shown(None)


def test_no_row_is_shown_as_unknown_where_nothing_else_is_said() -> None:
    part = Tiles(("n_high",))
    part.take(pa.table({"n_high": pa.array([], pa.int64())}))

    assert "<b>—</b>" in part.markup.html
