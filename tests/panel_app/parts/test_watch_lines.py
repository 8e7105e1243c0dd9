"""Each line of a list is a form of its own, and one more adds a line."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from panel_app.parts.watch_lines import WatchLines


def line(**said: Any) -> dict[str, Any]:
    return {
        "watchlist": "desk", "symbol": "AAPL", "quantity": 1_250.5, "cost_usd": 180.0,
        "threshold_pct": 0.1, "threshold_sigma": 2.0, "horizon": "1d", "direction": "up",
        "is_active": True, "note": '"', "listed_at": datetime(2024, 3, 5, tzinfo=UTC),
        "n_symbols": 1, "is_past": False,
    } | said  # fmt: skip


def test_fields_hold_what_stands_and_belong_to_their_form() -> None:
    part = WatchLines()
    part.take(pa.Table.from_pylist([line()]))
    body = part.markup.html

    assert 'value="1250.5"' in body
    assert 'name="note" aria-label="note: AAPL" class="word" value="&quot;"' in body
    assert '<option value="1d" selected>' in body
    assert body.count('form="line-desk|AAPL"') == 8
    assert 'data-key="new"' in body


def test_the_past_is_locked() -> None:
    part = WatchLines()
    part.take(pa.Table.from_pylist([line(is_past=True)]))

    assert 'data-key="new"' not in part.markup.html
    assert part.markup.html.count(" disabled") == 10
