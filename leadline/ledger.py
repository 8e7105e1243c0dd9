"""The loads of a store in the order of its own clock; what has no line here is not there yet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
from deltalake.exceptions import CommitFailedError

from leadline import clock
from leadline.errors import StoreError
from leadline.quote import quoted
from leadline.table import TRIES, Table, reason

Line = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a coverage stands: how often it was published, and the loads still in force."""

    publication: int
    standing: tuple[Line, ...]

    @property
    def newest_hash(self) -> str | None:
        """The content hash of the newest load in force."""
        return self.standing[-1]["content_hash"] if self.standing else None


class Ledger:
    """The lines of `loads`, kept in memory and read again when the log moves."""

    def __init__(self, table: Table, con: duckdb.DuckDBPyConnection) -> None:
        self.table = table
        self._con = con
        self._lines: list[Line] = []
        self._read: set[str] = set()
        self._version = -1

    @property
    def lines(self) -> Sequence[Line]:
        """Every line, oldest first."""
        return self._lines

    @property
    def version(self) -> int:
        """The version of the log that the lines were read at."""
        return self._version

    def refresh(self) -> bool:
        """Read what is new; say whether there was anything."""
        self.table.refresh()
        return self._read_on()

    def _read_on(self) -> bool:
        if self.table.version == self._version:
            return False
        paths = set(self.table.paths())
        if not self._read <= paths:  # compacted
            self._lines, self._read = [], set()
        if fresh := sorted(paths - self._read):
            names = ", ".join(self.table.contract.names)
            listed = ", ".join(map(quoted, fresh))
            try:
                rows = self._con.sql(f"select {names} from read_parquet([{listed}])")
                self._lines += rows.to_arrow_table().to_pylist()
            except duckdb.Error as error:
                raise StoreError(
                    f"{self.table.place}: can't be read, {reason(error)}; run leadline store verify"
                ) from error
            self._lines.sort(key=lambda line: line["recorded_at"])
        self._read, self._version = paths, self.table.version
        return True

    def place(self, feed: str, coverage: str) -> Place:
        """Return where a coverage stands."""
        own = [line for line in self._lines if (line["feed"], line["coverage"]) == (feed, coverage)]
        gone = {line["forgets"] for line in own if line["action"] == "forget"}
        standing = [x for x in own if x["action"] == "load" and x["load_id"] not in gone]
        return Place(len(own), tuple(standing))

    def standing(self, dataset: str | None = None) -> list[str]:
        """Return the load_ids that are in force, oldest first; all, or those of one dataset."""
        gone = {line["forgets"] for line in self._lines if line["forgets"]}
        return [
            line["load_id"]
            for line in self._lines
            if line["action"] == "load"
            and line["load_id"] not in gone
            and (dataset is None or any(e["dataset"] == dataset for e in line["datasets"]))
        ]

    def newest(self) -> datetime:
        """Return the newest stamp, or the beginning of time."""
        return self._lines[-1]["recorded_at"] if self._lines else clock.BEGINNING

    def sign(self, line: Line, place: Place) -> datetime:
        """Commit a line stamped later than every earlier one; return the stamp.

        Overtaken by another line it takes a new stamp; if that line is of the same coverage,
        the publication was numbered wrongly and a StoreError says to run again.
        """
        kinds = self.table.contract.stored
        casts = "select " + ", ".join(
            f"cast(${name} as {kind}) as {name}" for name, kind in kinds.items()
        )
        for _ in range(TRIES):
            stamp = max(clock.now(), self.newest() + timedelta(microseconds=1))
            added = {"recorded_at": stamp, "duration_ms": _ms(stamp - line["started_at"])}
            full = dict.fromkeys(kinds) | line | added
            self._con.execute(f"create or replace temporary table line as {casts}", full)
            parts = self.table.write(self._con, "from line")
            try:
                self.table.append(parts, line["load_id"], only_at=self._version)
            except CommitFailedError:
                for part in parts:
                    (self.table.place / part.path).unlink()
                self.refresh()
                if self.place(line["feed"], line["coverage"]) != place:
                    raise StoreError(
                        f"{line['feed']}: another process has just loaded {line['coverage']}; "
                        f"run this again",
                        try_again=True,
                    ) from None
                continue
            self._read_on()
            return stamp
        raise StoreError(
            f"loads: {TRIES} commits were overtaken by other writers; run this again",
            try_again=True,
        )


def load_id(feed: str, coverage: str, publication: int, content_hash: str) -> str:
    """Return the digest that names one load."""
    tag = "\x1f".join((feed, coverage, str(publication), content_hash))
    return hashlib.sha256(tag.encode()).hexdigest()[:32]


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1_000)
