"""A book's picture is built once; what is new is streamed, and the rest stays in the browser."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from panel_app.parts.depth import Depth
from panel_app.parts.part import DOWN, UP

AT = datetime(2024, 3, 5, 12, tzinfo=UTC)


def cells(first: int, last: int, seen: float = 1.0) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "venue": "binance", "pair": "BTC-USDT", "bar_at": AT + timedelta(seconds=10 * n),
                "known_at": AT + timedelta(seconds=10 * n + 10), "book_side": side,
                "price_from": 100.0 - side, "price_to": 101.0 - side, "notional": 500.0 + n,
                "size": 5.0, "n_whales": 0, "mid": 100.5 + n, "seen_frac": seen,
            }
            for n in range(first, last)
            for side in (-1, 1)
        ]
    )  # fmt: skip


def test_new_moments_are_streamed_and_old_ones_leave() -> None:
    part: Any = Depth("none")
    part.take(cells(0, 3))
    bids, _ = part._sides[1]
    part.take(cells(1, 4))

    assert list(bids.data["worth"]) == [501.0, 502.0, 503.0]
    assert list(bids.data["bottom"]) == [99.0] * 3
    assert list(part._mids.data["mid"]) == [101.5, 102.5, 103.5]
    assert part._sides[1][0] is bids


def test_shades_go_from_hardly_there_to_whole_up_to_the_most() -> None:
    part: Any = Depth("none")
    part.take(cells(0, 3))
    _, shades = part._sides[1]

    assert shades.high == 502.0
    assert (shades.palette[0], shades.palette[-1]) == (f"{UP}12", f"{UP}e9")
    assert "502 USDT" in part.markup.html

    part.look = replace(part.look, is_up_red=True)
    part.take(cells(0, 3))
    assert shades.palette[-1] == f"{DOWN}e9"


def test_what_was_not_seen_of_a_side_is_said() -> None:
    part = Depth("none")
    part.take(cells(0, 2, seen=0.6))

    assert "at times 60.0 % of a side is seen" in part.markup.html
