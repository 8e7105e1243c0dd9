"""A process that answers says message after message, and ends with who started it."""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadline import cell
from tests.desks import small_desk


def test_messages_are_read_as_they_were_sent() -> None:
    pipe = io.BytesIO()
    cell.send(pipe, cell.ASK, b"select 1")
    cell.send(pipe, cell.END)
    pipe.write(b"d\x00")  # the other died at it
    pipe.seek(0)

    assert list(cell.heard(pipe)) == [(cell.ASK, b"select 1"), (cell.END, b"")]


def test_it_ends_with_who_asks_whatever_it_is_at(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    how = {
        "root": str(desk.root), "place": {"store": str(desk.root / "store")}, "params": {},
        "engine": {"threads": "1"}, "memory_bytes": 1_000_000_000,
    }  # fmt: skip
    asked: dict[str, Any] = {
        "sql": "select count(*) from range(1_000_000_000_000) as t(n) where hash(n) = 1",
        "since": datetime(1970, 1, 1, tzinfo=UTC).isoformat(), "recorded_until": None,
        "until": datetime(2024, 1, 1, tzinfo=UTC).isoformat(), "binds": {}, "limit_s": 60,
        "max_rows": 1, "max_bytes": 1_000,
    }  # fmt: skip
    command = [sys.executable, "-m", "leadline.cell"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        cell.send(process.stdin, cell.ASK, json.dumps(how).encode())
        ready = next(cell.heard(process.stdout))
        cell.send(process.stdin, cell.ASK, json.dumps(asked).encode())
        process.stdin.close()

        assert ready == (cell.READY, b"")
        assert process.wait(timeout=10) == 0
