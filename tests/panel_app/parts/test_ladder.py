"""A ladder's bars are as long as its levels, and what is not seen is said."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from panel_app.parts.ladder import Ladder

LEVEL = {
    "venue": "binance", "pair": "BTC-USDT", "level_number": 1, "cum_size": 4.0, "dist_bps": 1.6,
    "mid": 100.5, "book_at": datetime(2024, 3, 5, 12, tzinfo=UTC), "is_in_sync": True,
    "is_whole": True, "seen_frac": 1.0,
}  # fmt: skip


def shown(**given: Any) -> str:
    part = Ladder("none")
    ask = LEVEL | {"book_side": -1, "price": 101.0, "size": 4.0} | given
    bid = LEVEL | {"book_side": 1, "price": 100.0, "size": 1.0} | given
    part.take(pa.Table.from_pylist([ask, bid]))
    return part.markup.html


def test_asks_stand_above_the_mid_and_bars_are_beside_the_largest() -> None:
    body = shown()

    assert body.index('class="ask"') < body.index('class="mid"') < body.index('class="bid"')
    assert 'style="width:100.0%"' in body[: body.index('class="mid"')]
    assert 'style="width:25.0%"' in body[body.index('class="mid"') :]


def test_a_gap_and_a_part_of_a_side_are_said() -> None:
    assert "a gap lasts" in shown(is_in_sync=False)
    assert "40.0 % of the side is seen" in shown(is_whole=False, seen_frac=0.4)
    assert "seen" not in shown()
