"""A dot has the shape and the colour of its side, and is as large as it is worth."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from panel_app.parts.dots import Dots
from panel_app.parts.part import DOWN, GREY, UP

AT = datetime(2024, 3, 1, 15, tzinfo=UTC)
ROWS = pa.Table.from_pylist(
    [
        {"traded_at": AT, "symbol": "A", "side": side, "price": 10.0, "value_usd": usd,
         "premium_bps": bps}
        for side, usd, bps in (
            ("buy", 2e6, 1.5), ("sell", 2e5, -0.5), (None, 1e12, 0.0), ("buy", 2e6, None)
        )
    ]
)  # fmt: skip


def test_shape_colour_and_size_say_side_and_worth() -> None:
    part: Any = Dots("premium_bps", "none")
    part.take(ROWS)
    data = part._source.data

    assert list(data["mark"]) == ["triangle", "inverted_triangle", "circle"]
    assert list(data["colour"]) == [UP, DOWN, GREY]
    assert list(data["size"]) == [16.0, 6 + 10**0.5, 34.0]
    assert "1 without a quote beside them" in part.markup.html


def test_where_up_is_red_what_is_bought_is_red() -> None:
    part: Any = Dots("premium_bps", "none")
    part.look = replace(part.look, is_up_red=True)
    part.take(ROWS)

    assert part._source.data["colour"][0] == DOWN
