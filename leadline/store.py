"""The store: loads land whole, once, in order; what a question may read is a snapshot."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import duckdb

from leadline import clock, homes, sift
from leadline.contract import Contract
from leadline.engine import Engine
from leadline.errors import StoreError, first_line, inner
from leadline.home import Home
from leadline.ledger import Ledger, Line, load_id
from leadline.publication import Loaded, Publication
from leadline.staged import Staged
from leadline.table import Table, reason

__all__ = ["Loaded", "Publication", "Snapshot", "Store"]

_DAMAGED = re.compile("No files found|No magic bytes|too small|[Cc]annot open|[Dd]ecompress")
_OWN = ("loads", "rejected", "sessions")  # what it reads or fills by itself


@dataclass(frozen=True)
class Snapshot:
    """What can be read: the live files by dataset, and the newest stamp among their loads."""

    version: int
    recorded_until: datetime
    files: Mapping[str, Sequence[str]]


class Store:
    """A folder of datasets. One instance serves one thread; many processes may share a folder."""

    def __init__(
        self, place: str | Home, contracts: Mapping[str, Contract], engine: Engine
    ) -> None:
        for name in _OWN:
            if name not in contracts:
                raise StoreError(f"sql/tables/{name}.sql: the store needs it; bring it back")
        self.place = homes.at(place)
        self.contracts = contracts
        self.tables = {name: Table(c, self.place / name) for name, c in contracts.items()}
        self.con, self._spill = engine.connect(), engine.spill
        self.place.mount(self.con)
        self.ledger = Ledger(self.tables["loads"], self.con)
        self._sessions_of: tuple[str, ...] = ()
        self._told_to = clock.BEGINNING  # of the ledger, by the last snapshot
        self._named, self._behind = set[str](), set[str]()  # datasets: by any line, by a new one
        self._looked_at = float("-inf")  # when all of them were

    def close(self) -> None:
        """Give back what it holds of the engine, which others may go on with."""
        self.con.close()

    def snapshot(self) -> Snapshot:
        """Return what can be read now; the ledger is read first, so no load is seen in part."""
        self.ledger.refresh()
        self.place.each(self._moved(), lambda name: self.tables[name].refresh())
        self._behind.clear()
        read = self._named | {"loads"}
        files = {name: t.paths() if name in read else [] for name, t in self.tables.items()}
        return Snapshot(self.ledger.version, self.ledger.newest(), files)

    def _moved(self) -> set[str]:
        """Return the datasets whose logs may have moved: what no line names has no row to see.

        Rows come with a line; that files were joined is seen later where looking is dear.
        """
        moved = {each.dataset for each in self.ledger.touched(self._told_to)}
        moved &= self.tables.keys() - {"loads"}
        self._told_to = self.ledger.newest()
        self._named |= moved
        self._behind |= moved  # until they have been read: a service may be away meanwhile
        if monotonic() - self._looked_at >= self.place.settles_s:
            self._looked_at = monotonic()
            self._behind |= self._named
        return self._behind

    def unreadable(self, error: duckdb.Error) -> Exception:
        """Return what DuckDB's error over a snapshot means; a bug stays what it is."""
        if isinstance(error, duckdb.IOException) or inner(error) or self._is_damage(error):
            where = f"{self.place}: {first_line(error)}; run leadline store verify"
            return inner(error) or StoreError(where)
        return error

    def _is_damage(self, error: Exception) -> bool:
        """Say whether an error is of a file of this store that is not as it was written."""
        return str(self.place) in str(error) and _DAMAGED.search(str(error)) is not None

    def load(self, publication: Publication, *, dry_run: bool = False) -> Loaded:
        """Append what a publication adds, whole or not at all; the same content adds nothing."""
        into = self._into(("rejected", *publication.writes), dry_run)
        place = self.ledger.place(publication.feed, publication.coverage)
        staged = Staged(publication, place, self.con, self.tables, into)
        coverage = publication.coverage
        try:
            with staged:
                if not staged.is_known:
                    staged.stage(self.need_sessions)
                if staged.is_known:
                    return Loaded(coverage, place.standing[-1]["load_id"], False)
                if not dry_run:
                    staged.commit(self.ledger)
                counts = (staged.n_rows, staged.n_gone, staged.aside.n_rows)
                return Loaded(coverage, staged.id, True, *counts, staged.aside.reasons)
        except duckdb.OutOfMemoryException as error:
            raise StoreError(
                f"{publication.origin}: {reason(error)}; nothing of it was loaded, "
                f"run this again with more --memory, or with room in {self._spill}"
            ) from error
        except (duckdb.Error, OSError) as error:
            if told := inner(error):
                raise told from error
            if self._is_damage(error):
                raise StoreError(
                    f"{publication.origin}: {reason(error)}; nothing of it was loaded, "
                    f"run leadline store verify"
                ) from error
            if not isinstance(error, duckdb.IOException | OSError):
                raise
            raise StoreError(
                f"{publication.origin}: {reason(error)}; nothing of it was loaded, "
                f"run this again when {self.place} and {self._spill} have room"
            ) from error

    def forget(self, load: str) -> list[Line]:
        """Take a load out of every later question; return the lines that were forgotten.

        Later loads of the same coverage hold only differences to it, so they go with it. Rows
        stay in their files: a question about a moment before this one still sees them.
        """
        self.ledger.refresh()
        found = self.ledger.find(load)
        if not found or found["action"] != "load":
            raise StoreError(f"{load}: no load has this id; leadline store history lists them")
        feed, coverage = found["feed"], found["coverage"]
        standing = self.ledger.place(feed, coverage).standing
        ids = [line["load_id"] for line in standing]
        if load not in ids:
            raise StoreError(f"{load}: it is forgotten already; leadline store history shows when")
        gone = list(standing[ids.index(load) :])
        for line in reversed(gone):
            place = self.ledger.place(feed, coverage)
            own = load_id(feed, coverage, place.publication, f"forget {line['load_id']}")
            kept = {name: line[name] for name in ("feed", "coverage", "content_hash", "origin")}
            counts = {"n_rows": 0, "n_gone": 0, "n_rejected": 0, "n_conflicts": 0, "datasets": []}
            self.ledger.sign(
                {
                    **kept, **counts, "load_id": own, "action": "forget", "known_from": "loading",
                    "forgets": line["load_id"], "publication": place.publication,
                    "started_at": clock.now(), "source": feed, "is_gone": False,
                },
                place,
            )  # fmt: skip
        return gone

    def need_sessions(self) -> None:
        """Lay the calendars out as table `sessions`; raise a StoreError while there are none."""
        loads = tuple(self.ledger.standing("sessions"))
        if not loads:
            raise StoreError(f"{self.place}: it holds no sessions; run leadline load sessions")
        if self._sessions_of == loads:
            return
        table = self.tables["sessions"]
        table.refresh()
        rows = sift.standing(table.contract, table.paths(), loads)
        names = ", ".join(table.contract.names)
        self.con.execute(
            f"create or replace temporary table sessions as "
            f"select {names} from ({rows}) where not is_gone"
        )
        self._sessions_of = loads

    def _into(self, datasets: Sequence[str], dry_run: bool) -> Mapping[str, Table]:
        """Return the tables that a load writes to; a dry run's lie beside the store and go.

        The ledger is read before them, so that they hold the files of every load in it.
        """
        if not dry_run:
            for name in (*datasets, "loads"):
                if name != "rejected":  # the first row set aside makes it
                    self.tables[name].create()
        self.ledger.refresh()
        self.place.each(set(datasets), lambda name: self.tables[name].refresh())
        if not dry_run:
            return self.tables
        return {
            name: Table(self.contracts[name], homes.at(self._spill / name)) for name in datasets
        }
