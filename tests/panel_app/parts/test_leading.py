"""The first row leads, and none leads where there is none."""

import pyarrow as pa

from panel_app.parts.leading import Leading


def test_the_first_row_leads_as_often_as_rows_change() -> None:
    led: list[str] = []
    part = Leading("Nothing.", "name", led.append)
    part.take(pa.table({"name": pa.array([], pa.string())}))
    part.take(pa.table({"name": ["a", "b"]}))
    part.take(pa.table({"name": ["a", "b"]}))
    part.take(pa.table({"name": ["b", "a"]}))

    assert led == ["a", "b"]
    assert "<table>" in part.markup.html
