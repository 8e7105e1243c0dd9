"""The suite's files: what is written, what is kept apart, and what a folder may hold."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline import planted
from leadline.errors import ConfigError
from leadline.feed import Batch

BEGIN = datetime(2024, 2, 12, 15, tzinfo=UTC)
TRADES = pa.table({"symbol": ["AA", "BB"], "price": [1.5, 2.5]})


def event(entity: str, minutes: int, size: float) -> dict[str, Any]:
    at = BEGIN + timedelta(minutes=minutes)
    return {
        "event_id": f"sample:{entity}", "detector": "options.sweep", "entity": entity,
        "subject": None, "starts_at": at, "ends_at": at + timedelta(minutes=5), "size": size,
        "direction": "bull", "note": "swept", "label": "planted", "known_at": at,
    }  # fmt: skip


def made(seed: int) -> Iterator[Batch]:
    """Yield a week of two events, whose order says how they were drawn."""
    yield "events", pa.Table.from_pylist([event("BB", 30 + seed, 5.0), event("AA", 3, 0.5)])
    yield "equity_trades", TRADES
    yield "equity_trades", TRADES.to_pylist()


MODULE = cast(
    Any, SimpleNamespace(made=made, SPAN=(BEGIN - timedelta(days=1), BEGIN + timedelta(days=4)))
)


def test_each_week_has_a_folder_and_the_key_lies_beside_them(tmp_path: Path) -> None:
    weeks = list(planted.make(MODULE, range(7, 9), tmp_path / "suite"))

    assert weeks == [planted.Made("7", 4, 2), planted.Made("8", 4, 2)]
    assert sorted(path.name for path in (tmp_path / "suite" / "7").iterdir()) == [
        "equity_trades.parquet"
    ]
    key = pq.read_table(tmp_path / "suite" / "events.parquet")
    assert key["event_id"].to_pylist() == ["7-0001", "7-0002", "8-0001", "8-0002"]
    assert key["entity"].to_pylist() == ["AA", "BB"] * 2  # by time, and not as they were drawn
    assert key["kind"].to_pylist() == ["options.sweep"] * 4
    assert "note" not in key.column_names
    told = pq.read_table(tmp_path / "suite" / "weeks.parquet").to_pylist()
    assert [row["seed"] for row in told] == [7, 8]
    assert told[0]["since"] == BEGIN - timedelta(days=1)


def test_it_is_made_again_to_the_byte(tmp_path: Path) -> None:
    for name in ("one", "other"):
        list(planted.make(MODULE, [7], tmp_path / name))
    list(planted.make(MODULE, [7], tmp_path / "one"))

    files = [
        {str(path.relative_to(tmp_path / name)): path.read_bytes() for path in folder}
        for name in ("one", "other")
        for folder in [sorted((tmp_path / name).rglob("*.parquet"))]
    ]
    assert files[0] == files[1]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")

    with pytest.raises(ConfigError, match=r"it holds something else; name a folder of its own$"):
        list(planted.make(MODULE, [7], tmp_path))
    with pytest.raises(ConfigError, match="it is a file; name a folder"):
        list(planted.make(MODULE, [7], tmp_path / "letters.txt"))


def test_what_can_not_be_written_leaves_a_folder_that_can_be_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(table: pa.Table, path: Path, **_: object) -> None:
        path.unlink(missing_ok=True)  # as pyarrow does where it breaks off
        raise OSError(28, "No space left on device")

    list(planted.make(MODULE, [7], tmp_path / "weeks"))
    with monkeypatch.context() as broken:
        broken.setattr("pyarrow.parquet.write_table", full)
        with pytest.raises(ConfigError, match="No space left on device; make room there"):
            list(planted.make(MODULE, [7], tmp_path / "weeks"))

    assert list(planted.make(MODULE, [7], tmp_path / "weeks"))
