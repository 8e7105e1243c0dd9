"""Lines that many processes append to one file, and that one of them takes away, each once.

A line is in the file once `add` returns, so a killed process loses none; a power cut may.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

_TAKEN = "taken-"


class Journal:
    """The journal of one user in a folder, which he shares with nobody: it has mode 600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"journal-{os.getuid()}.jsonl"

    def add(self, row: Mapping[str, Any]) -> None:
        """Append a line, whole or not at all; what can't be written is an OSError."""
        line = json.dumps(row, ensure_ascii=False).encode(errors="replace") + b"\n"
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._held(os.O_WRONLY | os.O_APPEND | os.O_CREAT) as file:
            size = os.fstat(file).st_size
            try:
                if os.write(file, line) != len(line):
                    raise OSError(28, "No space left on device", str(self._path))
            except OSError:
                os.ftruncate(file, size)
                raise

    @property
    def size(self) -> int:
        """How many bytes wait."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    @property
    def age_s(self) -> float:
        """How long before the last line the first one began, in seconds; 0 where none waits."""
        with suppress(OSError, ValueError, KeyError), self._path.open() as file:
            first = datetime.fromisoformat(json.loads(file.readline())["began_at"])
            return max(self._path.stat().st_mtime - first.timestamp(), 0.0)
        return 0.0

    def take(self) -> list[Path]:
        """Take away what waits; return every file that was taken and is not gone, oldest first."""
        with suppress(FileNotFoundError), self._held(os.O_WRONLY) as file:
            if os.fstat(file).st_size:
                name = f"{_TAKEN}{os.getuid()}-{os.fstat(file).st_mtime_ns}-{token_hex(4)}.jsonl"
                self._path.rename(self._folder / name)
        return sorted(self._folder.glob(f"{_TAKEN}{os.getuid()}-*.jsonl"))

    @contextmanager
    def _held(self, flags: int) -> Iterator[int]:
        """Open the journal for nobody else to write to, whoever renamed it meanwhile."""
        while True:
            file = os.open(self._path, flags | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                with suppress(FileNotFoundError):
                    if os.fstat(file).st_ino == self._path.stat().st_ino:
                        yield file
                        return
            finally:
                os.close(file)


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file that was taken; one that is damaged stands as such."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError
        except ValueError:
            row = {"damaged": number}
        found.append(row)
    return found
