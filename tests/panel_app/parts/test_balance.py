"""Periods are bars above and below nothing; a single one is no wall."""

from datetime import date
from typing import Any

import pyarrow as pa

from panel_app.parts.balance import Balance

ROWS = pa.table(
    {
        "day": [date(2023, 9, 30), date(2023, 12, 31)], "bought": [5.0, 7.0],
        "sold": [2.0, None], "n_holders": [3, 4], "of": ["<A>", "<A>"],
    }
)  # fmt: skip


def test_what_was_sold_stands_below_nothing() -> None:
    part = Balance("bought", "sold", "n_holders", "of", 60, "none")
    part.take(ROWS)

    assert part._source.data["below"] == [-2.0, None]
    assert part._source.data["line"] == [3, 4]
    assert "&lt;A&gt;" in part.markup.html
    assert "holders <b>4</b>" in part.markup.html


def test_one_period_leaves_room_at_its_side() -> None:
    part = Balance("bought", "sold", "n_holders", "of", 60, "none")
    part.take(ROWS.slice(0, 1))

    ends: Any = part._x
    assert ends.end - ends.start > 10 * 60 * 86_400_000
