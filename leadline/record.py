"""Keeps what a connection says as it came, in files of an hour that its feed loads like captures.

A line is what cryptofeed writes: `SECONDS: message` or `URL -> SECONDS: answer`, and of our own
`ADDRESS <!> SECONDS: reason` where a connection was lost. A file's first line says how many lines
of its stream went before.
"""

import gzip
import json
from datetime import datetime, timedelta
from pathlib import Path

from leadline.clock import BEGINNING

_EVERY_US = 1_000_000  # how much is held before it is written
_MANY = 1 << 20  # characters that are not held longer
_US = timedelta(microseconds=1)


class Record:
    """The lines of one stream: a feed, one of its connections, one run."""

    def __init__(self, folder: Path, name: str) -> None:
        """Write into a folder, which is made; the name is the same for no other stream."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._name = folder, name
        self._hour, self._path = -1, folder
        self._held: list[str] = []
        self._n_held, self._n_lines, self._written_at = 0, 0, 0

    def heard(self, at: datetime, text: str) -> None:
        """Keep a message and when it was received."""
        self._add(at, "", text.replace("\n", " "))

    def answered(self, at: datetime, url: str, text: str) -> None:
        """Keep what was answered over HTTP, at the moment at which it was made use of."""
        self._add(at, f"{url} -> ", text)

    def lost(self, at: datetime, address: str, reason: str) -> None:
        """Keep that a connection was lost."""
        self._add(at, f"{address} <!> ", reason)
        self.flush()

    def flush(self) -> None:
        """Write what is held: a piece of gzip is there or not, so that a kill tears none."""
        if self._held:
            packed = gzip.compress("".join(self._held).encode(), compresslevel=1)
            with self._path.open("ab", buffering=0) as file:
                file.write(packed)
            self._held.clear()
            self._n_held = 0

    def _add(self, at: datetime, origin: str, said: str) -> None:
        micros = (at - BEGINNING) // _US
        if (hour := micros // 3_600_000_000) > self._hour:
            self.flush()
            self._hour, self._path = hour, self._folder / f"{self._name}.{at:%Y%m%d%H}.gz"
            self._held.append(f"configuration: {json.dumps({'lines_before': self._n_lines})}\n")
        self._held.append(f"{origin}{micros // 1_000_000}.{micros % 1_000_000:06}: {said}\n")
        self._n_held += len(self._held[-1])
        self._n_lines += 1
        if self._n_held > _MANY or micros >= self._written_at + _EVERY_US:
            self._written_at = micros
            self.flush()
