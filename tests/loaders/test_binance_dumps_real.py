"""A snapshot that its updates do not go on from is kept, and what follows is a gap."""

from pathlib import Path
from typing import Any, cast

import pytest

from leadline.feed import files
from loaders import binance_dumps
from tests.binance import of


@pytest.mark.real
def test_a_snapshot_ten_minutes_older_than_its_updates_leaves_a_gap(real: Path) -> None:
    folder = real / "crypto_misc_nautilus" / "binance"
    found, passed = files([folder], binance_dumps.FEED.knows, binance_dumps.FEED.parts)

    told: dict[str, list[dict[str, Any]]] = {
        dataset: cast(Any, extract).rows.to_pylist()
        for dataset, extract in binance_dumps.read(found)
    }

    assert [Path(name).name for name in passed] == ["btcusdt-trades.parquet"]
    assert told.keys() == {"feed_gaps", "book_updates"}  # the snapshot was cut to its bids
    assert len(told["book_updates"]) == 100
    assert {of(row, "venue", "pair", "is_snapshot") for row in told["book_updates"]} == {
        ("binance_usdm", "BTC-USDT", True)
    }
    (gap,) = told["feed_gaps"]
    assert of(gap, "reason", "expected_id", "found_id", "n_dropped", "ended_at") == (
        ("snapshot_too_old", 2098021528333, 2098041693435, 1, None)
    )
