"""What is not known is told with its nearest name."""

import pyarrow as pa

from panel_app.parts.unknown import Unknown


def test_each_name_has_its_sentence_and_none_is_no_word() -> None:
    part = Unknown("no dataset names it")
    part.take(pa.Table.from_pylist([{"asked": "A<B", "nearest": "AB"}]))
    told = part.markup.html
    part.take(pa.table({"asked": pa.array([], pa.string()), "nearest": pa.array([], pa.string())}))

    assert "A&lt;B: no dataset names it; the nearest name is AB" in told
    assert part.markup.html == ""
