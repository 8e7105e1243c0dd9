"""Columns by strike stand on both sides of one line, with the price across them."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from panel_app.parts.part import Look
from panel_app.parts.strikes import Strikes


def rows(*strikes: float, **given: Any) -> pa.Table:
    row = {
        "calls": 900.0, "puts": 400.0, "gex_usd_1pct": -2e6, "spot": 175.0, "max_pain": 170.0,
        "underlying": "AAPL", "expiration": date(2024, 3, 15),
    }  # fmt: skip
    return pa.Table.from_pylist([{**row, "strike": strike, **given} for strike in strikes])


def both() -> Strikes:
    marks = ("spot", "max_pain")
    return Strikes({"open interest": ("calls", "puts")}, marks, "underlying", "Nothing.")


def test_puts_hang_below_and_say_how_many_there_are() -> None:
    part = both()
    part.take(rows(170, 175))

    data = part._source.data
    assert (data["calls"], data["puts"]) == ([900.0, 900.0], [-400.0, -400.0])
    assert data["puts_said"] == ["400", "400"]
    assert "puts, downwards" in part.markup.html


def test_no_column_reaches_its_neighbour() -> None:
    part = both()
    part.take(rows(100, 105, 120))

    assert part._source.data["wide"] == pytest.approx([4.1, 4.1, 12.3])


def test_prices_are_marked_where_there_are_any() -> None:
    part = both()
    part.take(rows(170, 175, max_pain=None))

    (spot,), (pain,) = part._spans
    assert (spot.visible, spot.location) == (True, 175.0)
    assert not pain.visible
    assert "max pain" not in part.markup.html


def test_one_expiration_leads_back_to_all() -> None:
    part = both()
    part.take(rows(170))
    one = part.markup.html
    part.take(rows(170, expiration=None))

    assert 'data-set="expiration" data-value=""' in one
    assert "all expirations</span>" in part.markup.html
    assert "<button" not in part.markup.html


def test_many_strikes_are_shown_around_the_price_and_few_whole() -> None:
    part = both()
    part.take(rows(*range(50, 300, 5)))
    many = part._around.start, part._around.end
    part.take(rows(50, 300))

    assert many == (175 * 0.75, 175 * 1.25)
    assert (part._around.start, part._around.end) == (50 - 205, 300 + 205)


def test_a_column_alone_has_the_colour_of_its_sign() -> None:
    part = Strikes({"hedge": ("gex_usd_1pct",)}, ("spot",), "underlying", "Nothing.")
    part.take(rows(170, 175))
    look = Look()

    assert part._source.data["gex_usd_1pct_color"] == [look.down, look.down]
    assert part._source.data["gex_usd_1pct"] == [-2e6, -2e6]
