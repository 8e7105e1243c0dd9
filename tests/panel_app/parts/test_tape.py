"""The tape says in a word what an order was."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from panel_app.parts.tape import Tape

ORDER = {
    "happened_at": datetime(2024, 3, 1, 15, 0, 1, tzinfo=UTC), "underlying": "BRK.B",
    "direction": "bear", "contract": "BRKB240315P00400000", "dte": 14, "parent_kind": "sweep",
    "price_bucket": "above_ask", "size": 100.0, "premium_usd": 150_000.0, "delta": -0.4123,
    "session_date": date(2024, 3, 1), "expiration": date(2024, 3, 15), "strike": 400.0,
    "put_call": "put", "package_type": None, "opt_trade_class": None, "n_exchanges": 4,
    "n_prints": 7, "legs_premium_usd": None, "n_legs": None, "parent_id": "p|1",
    "contracts": "BRKB240315P00400000",
}  # fmt: skip
PACKAGE = {
    "parent_kind": "package", "package_type": "vertical", "contract": None, "strike": None,
    "put_call": None, "n_legs": 2, "premium_usd": None, "legs_premium_usd": 47_400.0,
    "price_bucket": None, "delta": None,
}  # fmt: skip


def shown(*rows: dict[str, Any]) -> str:
    part = Tape("Nothing.")
    part.take(pa.Table.from_pylist([{**ORDER, **row} for row in rows]))
    return str(part.markup.html)


def test_an_order_is_read_at_a_glance() -> None:
    said = shown({})

    assert re.search(r"<time title=\"2024-03-01 15:00:01.000000\">15:00:01</time>", said)
    assert "<b>400 put</b> <small>15 Mar 24</small>" in said
    assert ">sweep ×4</span>" in said
    assert "<td>above ask</td>" in said
    assert "-0.41" in said
    assert 'href="/smart-money/dashboard/symbol?symbol=BRK.B"' in said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"parent_kind": "split"}, ">split ×7<"),
        ({"parent_kind": "block"}, ">block<"),
        ({"parent_kind": "single", "opt_trade_class": "floor"}, ">floor<"),
        ({"parent_kind": "single", "opt_trade_class": "regular"}, ">single<"),
        (PACKAGE, ">vertical<"),
        (PACKAGE, "2 legs"),
        (PACKAGE, "<i>$47.4k</i>"),
        ({"premium_usd": 2_000_000.0}, 'premium golden">$2M<'),
        ({"premium_usd": 250_000.0}, 'premium large">$250k<'),
        ({"direction": None}, "—"),
    ],
)
def test_each_kind_has_its_word(row: dict[str, Any], said: str) -> None:
    assert said in shown(row)


def test_an_older_days_moment_has_its_day() -> None:
    said = shown({}, {"happened_at": datetime(2024, 2, 29, 20, tzinfo=UTC), "parent_id": "p|0"})

    assert "<small>02-29</small> 20:00:00" in said
    assert "<small>03-01</small>" not in said


def test_a_row_opens_its_prints_its_contracts_and_its_name() -> None:
    said = shown({})

    assert "{&quot;parent&quot;: &quot;p|1&quot;, " in said
    assert "&quot;of&quot;: &quot;BRK.B&quot;}" in said
