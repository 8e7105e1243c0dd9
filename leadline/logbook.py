"""A dataset's log as it lies there: its entries and checkpoints, and which files they name.

Delta reads what it needs; this reads all of it, for what is damaged may not be needed yet.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from leadline.finding import Finding
from leadline.home import Found, Home

LOG = "_delta_log"
LAST = "_last_checkpoint"
_ENTRY = re.compile(r"(\d{20})\.json")
_CHECKPOINT = re.compile(r"(\d{20})\.checkpoint(\.\d{10}\.\d{10})?\.parquet")


@dataclass
class Logbook:
    """What a log's files say, by their names; `broken` can't be read, with the reason."""

    place: Home
    entries: dict[int, str] = field(default_factory=dict)
    checkpoints: dict[int, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, place: Home) -> "Logbook":
        """Read the log of a dataset's folder; OSError if that can't be read."""
        found = cls(place)
        with place.lent(LOG) as folder:
            for path in sorted(folder.iterdir()) if folder.exists() else ():
                if match := _ENTRY.fullmatch(path.name):
                    found.entries[int(match[1])] = path.name
                    found._take(path)
                elif match := _CHECKPOINT.fullmatch(path.name):
                    found.checkpoints[int(match[1])] = path.name
                    if why := _why_not(path):
                        found.broken[path.name] = why
                elif path.name == LAST:
                    found._take_last(path)
        return found

    @property
    def is_all(self) -> bool:
        """Say whether no entry was ever cleaned away, nor is one missing."""
        return sorted(self.entries) == list(range(len(self.entries)))

    @property
    def missing(self) -> list[int]:
        """Return the versions that are missing between others."""
        have = sorted(self.entries)
        return sorted(set(range(have[0], have[-1])) - set(have)) if have else []

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the log's own files."""
        log = self.place / LOG
        for name, why in self.broken.items():
            yield Finding(log / name, f"it can't be read, {why}")
        for version in self.missing:
            yield Finding(
                log / f"{version:020}.json", "the log goes on behind it and it is not there"
            )
        newest = max(self.entries, default=-1)
        for version, name in self.checkpoints.items():
            if version > newest:
                yield Finding(log / name, f"the log ends at {newest}, before it")

    def strays(self) -> Iterator[Found]:
        """Yield the files beside the log that it has never named."""
        named = self.added | self.removed
        for each in sorted(self.place.found(""), key=lambda each: each.name):
            if not each.name.startswith(f"{LOG}/") and each.name not in named:
                yield each

    def _take(self, path: Path) -> None:
        try:
            said = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
            if not said or not all(isinstance(each, dict) and each for each in said):
                raise ValueError("it says nothing")
        except (OSError, ValueError) as error:
            self.broken[path.name] = _reason(error)
            return
        for each in said:
            for kind, into in (("add", self.added), ("remove", self.removed)):
                if kind in each:
                    into.add(unquote(str(each[kind].get("path"))))
            if "txn" in each:
                self.loads.add(str(each["txn"].get("appId")))

    def _take_last(self, path: Path) -> None:
        try:
            version = int(json.loads(path.read_text())["version"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            self.broken[path.name] = _reason(error)
            return
        if not list(path.parent.glob(f"{version:020}.checkpoint*.parquet")):
            self.broken[path.name] = f"it names checkpoint {version}, which is not there"


def _why_not(path: Path) -> str:
    """Return why a checkpoint can't be read, if it can't; what it names is added to nothing."""
    import pyarrow.parquet as pq

    try:
        pq.read_table(path)
    except Exception as error:
        # Whatever a damaged file makes the reader raise, it is damaged.
        return _reason(error)
    return ""


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text: Any = str(error).splitlines()
    return f"{type(error).__name__}: {text[0][:100] if text else ''}".rstrip(": ")
