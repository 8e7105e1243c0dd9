"""The audit trail: acts are journalled as they happen, and carried into the store in batches.

Each batch holds the digest of the one before it, so that a row that was changed, or a batch that
was taken out, shows. Whoever may write to the store can make a whole new chain: keep its newest
digest elsewhere.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from leadline.act import Act
from leadline.finding import Finding
from leadline.home import Home
from leadline.journal import Journal, rows
from leadline.publication import Publication
from leadline.quote import named, quoted
from leadline.store import Store

FEED = "acts"
DATASET = FEED
FOLDER = "_acts"
_MOMENTS = ("began_at", "ended_at")
_SUMMED = ("act", "actor", "via", "client", "about", "form", "outcome")
_MOST = 2_000  # kinds of acts that are added up before they are written


class Trail:
    """Where the acts on one store are noted; any thread may."""

    def __init__(self, place: Home, settings_hash: str | None = None) -> None:
        self._place, self._settings_hash = place, settings_hash
        self.journal = Journal(folder_of(place))
        self._sums: dict[tuple[Any, ...], Act] = {}
        self._lock = Lock()

    def note(self, act: Act) -> bool:
        """Journal an act now; say whether it could be, which it can't where nobody may write."""
        if str(self._place.own) == str(self._place) and not self._place.is_there():
            return True  # there is nothing that it could be about
        act.settings_hash = act.settings_hash or self._settings_hash
        try:
            self.journal.add(act.row())
        except OSError:
            return False
        return True

    def count(self, act: Act) -> None:
        """Add an act that has ended to those like it, to be journalled by `flush`."""
        key = tuple(getattr(act, name) for name in _SUMMED)
        with self._lock:
            held = self._sums.setdefault(key, act)
            if held is not act:
                held.n_times += act.n_times
                held.n_rows = _sum(held.n_rows, act.n_rows)
                held.n_bytes = _sum(held.n_bytes, act.n_bytes)
                held.ended_at = act.ended_at
            is_full = len(self._sums) >= _MOST
        if is_full:
            self.flush()

    def flush(self) -> bool:
        """Journal what was added up."""
        with self._lock:
            held, self._sums = list(self._sums.values()), {}
        return all([self.note(act) for act in held])


def folder_of(place: Home) -> Path:
    """Return where the acts on a store wait: in it, or on this machine where it is in a bucket."""
    return place.own / FOLDER


def fold(store: Store) -> int:
    """Carry what this user's journal holds into the store; return how many acts there were.

    A process that is killed in between has the next one go on, and nothing is there twice.
    """
    if DATASET not in store.contracts or not (folder := folder_of(store.place)).is_dir():
        return 0
    with (folder / f"fold-{os.getuid()}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # somebody is at it
            return 0
        return sum(_carried(store, path) for path in Journal(folder).take())


def head(store: Store) -> str | None:
    """Return the digest of the newest batch, which holds for all before it."""
    store.ledger.refresh()
    batches = _batches(store)
    return str(batches[-1]["content_hash"]) if batches else None


def known(store: Store, digest: str) -> bool:
    """Say whether a batch has this digest."""
    store.ledger.refresh()
    return any(line["content_hash"] == digest for line in _batches(store))


def findings(store: Store) -> Iterator[Finding]:
    """Hold every batch against its digest, and against the one before it."""
    if DATASET not in store.contracts:
        return
    table = store.tables[DATASET]
    store.ledger.refresh()
    table.refresh()
    batches = {line["load_id"]: line for line in _batches(store)}
    known, told = {""} | {line["content_hash"] for line in batches.values()}, set[str]()
    for load, held in _stored(store, table.paths(), batches):
        told.add(load)
        said = batches[load]["content_hash"]
        if (found := _digest(held)) != said:
            what = f"batch {load} of {len(held):,} acts has the digest {found[:16]}"
            yield Finding(table.place, f"{what}, its line says {said[:16]}: rows were changed")
        for previous in sorted({row["previous_hash"] for row in held} - known):
            what = f"batch {load} follows one with the digest {previous[:16]}"
            yield Finding(table.place, f"{what}, which is not there: it was taken out")
    for load in batches.keys() - told:
        yield Finding(table.place, f"batch {load} has a line and no rows: they were taken out")


def _batches(store: Store) -> Sequence[dict[str, Any]]:
    return [line for line in store.ledger.of_feed(FEED) if line["action"] == "load"]


def _carried(store: Store, path: Path) -> int:
    store.ledger.refresh()
    acts: dict[str, dict[str, Any]] = {}
    if not store.ledger.place(FEED, path.stem).standing:
        before = head(store) or ""
        for row in rows(path):
            if "damaged" not in row and "act_id" in row:  # its end is newer than its begin
                acts[row["act_id"]] = _typed(row) | {"previous_hash": before}
        if acts:
            held = sorted(acts.values(), key=lambda row: str(row["act_id"]))
            names = store.contracts[DATASET].names
            digest = _digest([{name: row.get(name) for name in names} for row in held])
            store.load(
                Publication(FEED, path.stem, (DATASET,), [(DATASET, held)], "audit trail", digest)
            )
    with suppress(FileNotFoundError):
        path.unlink()
    return len(acts)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in _MOMENTS}
    return {**row, **moments, "known_at": moments["ended_at"] or moments["began_at"]}


def _stored(
    store: Store, paths: Sequence[str], batches: dict[str, Any]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of each batch, in the order that its digest is of."""
    if not paths:
        return
    names = ", ".join(map(named, store.contracts[DATASET].names))
    listed = ", ".join(map(quoted, paths))
    asked = store.con.sql(
        f"select load_id, {names} from read_parquet([{listed}], hive_partitioning = false) "
        f"order by load_id, act_id"
    )
    read = (row for batch in asked.to_arrow_reader(10_000) for row in batch.to_pylist())
    for load, held in groupby(read, key=lambda row: row.pop("load_id")):
        if load in batches:  # else it was broken off, and no question sees it
            yield load, list(held)


def _digest(held: Sequence[dict[str, Any]]) -> str:
    digest = hashlib.sha256()
    for row in held:
        plain = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        digest.update(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None and second is None else (first or 0) + (second or 0)
