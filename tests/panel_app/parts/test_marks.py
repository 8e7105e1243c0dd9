"""Walls and whale orders are told apart by colour, and their ends by shape."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from panel_app.parts.depth import Depth

AT = datetime(2024, 3, 5, 12, tzinfo=UTC)


def order(number: int, kind: str, state: str, usd: float | None, life_s: float | None) -> Any:
    return {
        "alert_key": str(number), "order_kind": kind, "order_state": state, "price": 100.0,
        "book_side": 1, "notional_usd": usd, "life_s": life_s,
        "began_at": AT + timedelta(seconds=number), "seen_until": AT + timedelta(seconds=60),
    }  # fmt: skip


def test_each_end_has_its_mark_and_is_counted() -> None:
    marks: Any = Depth("none").marks
    marks.take(
        pa.Table.from_pylist(
            [order(2, "wall", "stands", None, None), order(1, "whale", "pulled", 6e5, 300.0)]
        )
    )
    data = marks._source.data

    assert list(data["mark"]) == ["x", "triangle"]
    assert list(data["size"]) == [17.0, 7.0]
    assert list(data["lived"]) == ["5 min", "no end is told"]
    assert len(set(data["colour"])) == 2
    assert "<b>1</b> walls" in marks.markup.html
    assert "✕ pulled <b>1</b>" in marks.markup.html
    assert "moved" not in marks.markup.html


def test_where_nothing_came_nothing_is_drawn() -> None:
    marks: Any = Depth("none").marks
    rows = pa.Table.from_pylist([order(1, "whale", "eaten", 6e5, 3.0)])
    marks.take(rows)
    marks.take(rows.slice(0, 0))

    assert marks._source.data["x"] == []
    assert "<b>0</b> whale orders" in marks.markup.html
