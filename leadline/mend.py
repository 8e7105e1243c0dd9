"""Sets aside what is damaged in a store, so that the rest is read and what is lost loaded again.

Nothing is deleted: files and entries of logs move to `_aside` in the store. A load that has lost
rows is forgotten, with those that came after it for the same coverage. Nobody may write meanwhile.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from leadline import clock, dropped, seal
from leadline.errors import AwayError, StoreError
from leadline.kept import FOLDER
from leadline.ledger import Line
from leadline.logbook import LAST, LOG, Logbook
from leadline.publication import OURS
from leadline.quote import quoted
from leadline.store import Store
from leadline.table import Table

ASIDE = "_aside"


class Mending:
    """One mending of a store; what is damaged goes to a folder of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._into = f"{ASIDE}/{clock.now():%Y%m%dT%H%M%S.%fZ}"
        self._aside = store.place / self._into

    def run(self) -> Iterator[str]:
        """Set aside and forget; yield a sentence for each thing done, and what to do now."""
        for table in self._store.tables.values():
            yield from self._logs(table)
            yield from self._files(table)
        yield from self._kept()
        counted = {name: self._counted(table) for name, table in self._store.tables.items()}
        yield from self._forgotten(counted)
        yield from self._unseen(counted)

    def _logs(self, table: Table) -> Iterator[str]:
        """Cut a log off before its first entry that can't be read, unless a checkpoint holds it."""
        log = Logbook.of(table.place)
        good = [n for n, name in log.checkpoints.items() if name not in log.broken]
        held = max((n for n in good if n <= max(log.entries, default=-1)), default=-1)
        bad = {n for n, name in log.entries.items() if name in log.broken} | {*log.missing}
        first = min((n for n in bad if n > held), default=None)
        gone = {*log.broken}
        if first is not None:
            later = {**log.entries}, {**log.checkpoints}
            gone |= {name for found in later for n, name in found.items() if n >= first}
        folder = f"{table.contract.name}/{LOG}"
        if any(name in gone for name in log.checkpoints.values()):
            gone |= {LAST} if table.place.has_file(f"{LOG}/{LAST}") else set()
        for name in sorted(gone):
            self._move(f"{folder}/{name}")
        if gone:
            yield f"{table.place}: {len(gone):,} files of its log are set aside in {self._aside}"
        table.reread()
        try:
            if log.entries and table.version < 0:
                raise StoreError(f"{table.place}: nothing is left of its log")
            table.files()
        except StoreError as error:
            self._move(table.contract.name)
            table.reread()
            yield f"{error}; all of it is set aside in {self._aside}"

    def _files(self, table: Table) -> Iterator[str]:
        """Take damaged files out of the log."""
        damaged = [file for file in table.files() if _is_damaged(table, file)]
        if damaged:
            table.replace(damaged, [])
            for file in damaged:
                if table.place.has_file(file["path"]):
                    self._move(f"{table.contract.name}/{file['path']}")
            rows = sum(file["rows"] or 0 for file in damaged)
            what = f"{len(damaged):,} files of {rows:,} rows are taken out of its log"
            yield f"{table.place}: {what} and set aside in {self._aside}"

    def _kept(self) -> Iterator[str]:
        folder = self._store.place / FOLDER
        for name in sorted(each.name for each in folder.found()):
            if not seal.holds(folder, name):
                self._move(f"{FOLDER}/{name}")
                anew = "leadline refresh makes it anew"
                yield f"{folder / name}: it is set aside in {self._aside}; {anew}"

    def _counted(self, table: Table) -> Mapping[str, tuple[int, str]]:
        """Return how many rows each load has in a dataset, and of which feed they are."""
        if not (paths := table.paths()) or table.contract.is_ledger:
            return {}
        listed = ", ".join(map(quoted, paths))
        with table.readable():
            found = self._store.con.execute(
                f"select load_id, count(*), min(source) from read_parquet([{listed}], "
                f"hive_partitioning = false) group by load_id"
            ).fetchall()
        return {load: (n, source) for load, n, source in found}

    def _forgotten(self, counted: Mapping[str, Mapping[str, tuple[int, str]]]) -> Iterator[str]:
        """Forget the loads that have lost rows, or a line before theirs."""
        ledger = self._store.ledger
        ledger.reread()
        follows: dict[tuple[str, str], int] = {}
        lost: dict[str, Line] = {}
        standing, drops = set(ledger.standing()), dropped.known(self._store)
        for line in ledger.lines:
            coverage = line["feed"], line["coverage"]
            is_next = line["publication"] == follows.get(coverage, 0)
            follows[coverage] = max(follows.get(coverage, 0), line["publication"] + 1)
            load, at = line["load_id"], line["recorded_at"]
            found = all(
                counted.get(each["dataset"], {}).get(load, (0, ""))[0]
                in (each["n_rows"], drops.left_of(each["dataset"], load, at, each["n_rows"]))
                for each in line["datasets"] or ()
            )
            if line["load_id"] in standing and not (found and is_next):
                lost[line["load_id"]] = line
        for load, line in lost.items():
            if load in ledger.standing():
                for gone in self._store.forget(load):
                    yield f"{_named(gone)}: rows of it are lost, so it is forgotten; {_now(line)}"

    def _unseen(self, counted: Mapping[str, Mapping[str, tuple[int, str]]]) -> Iterator[str]:
        """Tell of which feeds rows lie there whose line is lost."""
        loads = {load: source for found in counted.values() for load, (_, source) in found.items()}
        strangers = loads.keys() - self._store.ledger.knows(loads)
        for feed in sorted({loads[load] for load in strangers}):
            n = sum(loads[load] == feed for load in strangers)
            what = f"{n:,} loads have rows and no line, so no question sees them"
            yield f"{feed}: {what}; {_now({'feed': feed})}"

    def _move(self, name: str) -> None:
        is_second = self._store.place.has_folder(f"{self._into}/{name}")  # parts went before it
        self._store.place.move(name, f"{self._into}/{name}" + (".rest" if is_second else ""))


def _is_damaged(table: Table, file: Mapping[str, Any]) -> bool:
    try:
        if table.place.size(file["path"]) != file["size"]:
            return True
        with table.place.local(file["path"]) as path:
            if seal.is_sealed(file["path"]):
                return not seal.is_whole(path, file["path"])
            import pyarrow.parquet as pq

            found = pq.read_table(path, columns=["load_id"], partitioning=None)
            return bool(found.num_rows != file["rows"])
    except AwayError:
        raise
    except Exception:
        # Whatever a damaged file makes the reader raise, it is damaged.
        return True


def _named(line: Mapping[str, Any]) -> str:
    return f"{line['feed']} {line['coverage']}"


def _now(line: Mapping[str, Any]) -> str:
    """Return what whoever mends does then."""
    if line["feed"] in ("alerts", "rules"):
        return "the next tick tells it again"
    if line["feed"] in OURS:
        return "nobody can tell it again but who told it"
    return f"run leadline load {line['feed']} again for what it covers"
