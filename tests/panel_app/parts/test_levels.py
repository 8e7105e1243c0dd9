"""A level's bar is split by who began its prints."""

import pyarrow as pa

from panel_app.parts.levels import Levels

LEVEL = {
    "symbol": "BRK.B", "price_from": 400.0, "price_to": 400.5, "n_prints": 3, "value_usd": 1_000.0,
    "bull_usd": 600.0, "bear_usd": 0.0, "share_frac": 0.25, "dist_pct": -0.5,
}  # fmt: skip


def test_what_nobody_can_say_is_a_part_of_its_own() -> None:
    part = Levels("/s?symbol={}", "none")
    low = LEVEL | {"price_from": 2.5, "price_to": 2.505, "value_usd": 500.0, "bull_usd": 0.0,
                   "bear_usd": 500.0, "dist_pct": None}  # fmt: skip
    part.take(pa.Table.from_pylist([LEVEL, low]))
    first, second = part.markup.html.split("<tr data-key")[1:]

    assert '<a href="/s?symbol=BRK.B">BRK.B</a>' in first
    assert "400.00 – 400.50" in first
    assert "-0.50 %" in first
    assert 'class="part buy" style="width:60.0%"' in first
    assert 'class="part none" style="width:40.0%"' in first
    assert "part sell" not in first
    assert "2.5000 – 2.5050" in second
    assert 'class="part sell" style="width:50.0%"' in second
