"""The loads of a store in the order of its own clock; what has no line here is not there yet."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from deltalake.exceptions import CommitFailedError

from leadline import clock
from leadline.errors import StoreError
from leadline.older import listed
from leadline.part import Part
from leadline.table import TRIES, Table

_MOMENT = pa.timestamp("us", "UTC")
_PIECES = 64  # of what was read at a time; then they are joined

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


class Touched(NamedTuple):
    """The days of a dataset that loads wrote to or forgets took away, and the newest such stamp.

    The days are None where a load wrote no row.
    """

    dataset: str
    since_date: date | None
    until_date: date | None
    recorded_at: datetime


class Ledger:
    """The lines of `loads`, kept in memory and read on when the log moves.

    They are columns, for a week of listening brings 300,000: what is asked often looks at a few
    columns and makes few lines.
    """

    def __init__(self, table: Table, con: duckdb.DuckDBPyConnection) -> None:
        self.table = table
        self._con = con
        # Not by empty_table(), which imports pandas first.
        self._none = pa.Table.from_batches([], table.contract.arrow).select(table.contract.names)
        self._lines: pa.Table = self._none  # oldest first
        self._read: set[str] = set()
        self._version = -1

    @property
    def lines(self) -> Sequence[Line]:
        """Every line, oldest first; of a long ledger they take long to make."""
        found: list[Line] = self._lines.to_pylist()
        return found

    @property
    def version(self) -> int:
        """The version of the log that the lines were read at."""
        return self._version

    def refresh(self) -> bool:
        """Read what is new; say whether there was anything."""
        self.table.refresh()
        return self._read_on()

    def reread(self) -> None:
        """Read every line anew, for somebody has mended the log."""
        self._lines, self._read, self._version = self._none, set(), -1
        self.refresh()

    def _read_on(self, signed: Iterable[Part] = ()) -> bool:
        """Read the lines that are new; those just signed stand in table `line`, too."""
        if self.table.version == self._version:
            return False
        paths = set(self.table.paths())
        if not self._read <= paths:  # compacted
            self._lines, self._read = self._none, set()
        if fresh := sorted(paths - self._read):
            names = ", ".join(self.table.contract.names)
            own = [str(self.table.place / part.path) for part in signed]
            rows = "line" if fresh == own else listed(fresh, self.table.contract.stored)
            sql = f"select {names} from {rows} order by recorded_at"
            with self.table.readable():
                self._take(self._con.sql(sql).to_arrow_table())
        self._read, self._version = paths, self.table.version
        return True

    def _take(self, rows: pa.Table) -> None:
        """Add lines; each is stamped later than all that could be read before it was written."""
        lines = pa.concat_tables([self._lines, rows])
        self._lines = lines.combine_chunks() if lines["load_id"].num_chunks > _PIECES else lines

    def place(self, feed: str, coverage: str) -> Place:
        """Return where a coverage stands."""
        own = self._where(feed=feed, coverage=coverage)
        gone = {line["forgets"] for line in own if line["action"] == "forget"}
        standing = [x for x in own if x["action"] == "load" and x["load_id"] not in gone]
        following = max((line["publication"] for line in own), default=-1) + 1
        return Place(following, tuple(standing))

    def standing(self, dataset: str | None = None) -> list[str]:
        """Return the load_ids that are in force, oldest first; all, or those of one dataset."""
        lines = self._lines
        is_gone = pc.is_in(lines["load_id"], lines["forgets"].combine_chunks().drop_null())
        lines = lines.filter(pc.and_not(pc.equal(lines["action"], "load"), is_gone))
        if dataset is not None:
            written = _written(lines)
            wrote = written.filter(pc.equal(written["dataset"], dataset))
            lines = lines.take(pc.unique(wrote["line"]))
        found: list[str] = lines["load_id"].to_pylist()
        return found

    def wrote(self, dataset: str, after: datetime) -> dict[str, datetime]:
        """Return the loads that wrote to a dataset later than a moment, and the stamp of each.

        They are in force, and the oldest comes first.
        """
        if self.newest() <= after:
            return {}
        gone = self._lines["forgets"].combine_chunks().drop_null()
        is_new = pc.greater(self._lines["recorded_at"], pa.scalar(after, _MOMENT))
        lines = self._lines.filter(is_new)
        is_gone = pc.is_in(lines["load_id"], gone)
        lines = lines.filter(pc.and_not(pc.equal(lines["action"], "load"), is_gone))
        written = _written(lines)
        places = written.filter(pc.equal(written["dataset"], dataset))["line"]
        found = lines.take(pc.unique(places)).select(["load_id", "recorded_at"]).to_pylist()
        return {line["load_id"]: line["recorded_at"] for line in found}

    def newest(self) -> datetime:
        """Return the newest stamp, or the beginning of time."""
        newest: datetime | None = pc.max(self._lines["recorded_at"]).as_py()
        return newest or clock.BEGINNING

    @property
    def n_forgotten(self) -> int:
        """How many loads were forgotten so far."""
        return len(self._lines) - int(self._lines["forgets"].null_count)

    def feeds(self) -> set[str]:
        """Return every feed that has a line."""
        return set(pc.unique(self._lines["feed"]).to_pylist())

    def find(self, load: str) -> Line | None:
        """Return the line of a load, if there is one."""
        found = self._where(load_id=load)
        return found[0] if found else None

    def of_feed(self, feed: str) -> Sequence[Line]:
        """Return the lines of one feed, oldest first."""
        return self._where(feed=feed)

    def knows(self, loads: Iterable[str]) -> set[str]:
        """Return which of these loads have a line."""
        asked = pa.array(set(loads), pa.string())
        known = asked.filter(pc.is_in(asked, self._lines["load_id"].combine_chunks()))
        return set(known.to_pylist())

    def touched(self, after: datetime) -> list[Touched]:
        """Return what was touched by lines stamped later than a moment."""
        if self.newest() <= after:
            return []
        is_new = pc.greater(self._lines["recorded_at"], pa.scalar(after, _MOMENT))
        fresh = self._lines.filter(is_new)
        written = _written(fresh)
        written = written.append_column("recorded_at", fresh["recorded_at"].take(written["line"]))
        days = ["dataset", "since_date", "until_date"]
        newest = written.group_by(days).aggregate([("recorded_at", "max")])
        newest = newest.rename_columns({"recorded_at_max": "recorded_at"})
        found = [Touched(**row) for row in newest.to_pylist()]
        for line in fresh.filter(pc.is_valid(fresh["forgets"])).to_pylist():
            for each in (self.find(line["forgets"]) or line)["datasets"]:
                said = {name: each[name] for name in days}
                found.append(Touched(**said, recorded_at=line["recorded_at"]))
        return found

    def _is_named(self, parts: Iterable[Part]) -> bool:
        """Say whether the log names these files."""
        return {part.path for part in parts} <= {file["path"] for file in self.table.files()}

    def _where(self, **values: str) -> list[Line]:
        """Return the lines that have these values."""
        lines = self._lines
        for name, value in values.items():
            lines = lines.filter(pc.equal(lines[name], value))
        found: list[Line] = lines.to_pylist()
        return found

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
                self.refresh()
                if self._is_named(parts):  # it is ours: the answer was lost, and it was sent again
                    return stamp
                for part in parts:
                    self.table.drop(part)
                if self.place(line["feed"], line["coverage"]) != place:
                    raise StoreError(
                        f"{line['feed']}: another process has just loaded {line['coverage']}; "
                        f"run this again",
                        try_again=True,
                    ) from None
                continue
            self._read_on(parts)
            return stamp
        raise StoreError(
            f"loads: {TRIES} commits were overtaken by other writers; run this again",
            try_again=True,
        )


def load_id(feed: str, coverage: str, publication: int, content_hash: str) -> str:
    """Return the digest that names one load."""
    tag = "\x1f".join((feed, coverage, str(publication), content_hash))
    return hashlib.sha256(tag.encode()).hexdigest()[:32]


def _written(lines: pa.Table) -> pa.Table:
    """Return what each line says that it wrote: dataset, days, and the line's place."""
    said = lines["datasets"].combine_chunks()
    flat = pc.list_flatten(said)
    columns = {
        name: pc.struct_field(flat, name) for name in ("dataset", "since_date", "until_date")
    }
    return pa.table(columns | {"line": pc.list_parent_indices(said)})


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1_000)
