"""Upkeep of a store beside its readers and writers: compaction, vacuum and history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from deltalake.exceptions import CommitFailedError

from leadline.errors import StoreError, nearest
from leadline.ledger import Line
from leadline.quote import named, quoted
from leadline.store import Store
from leadline.table import TRIES, Part, Table, reason

SHORTEST = 24  # hours; the tables say the same


@dataclass(frozen=True)
class Compacted:
    """What became of one partition; skipped says why it was left as it is."""

    dataset: str
    partition: str
    files_before: int
    bytes_before: int
    files_after: int = 1
    bytes_after: int = 0
    skipped: str = ""


def compact(store: Store, datasets: Sequence[str] | None = None) -> Iterator[Compacted]:
    """Join the files of each partition into one, sorted by key and time.

    Rows stay as they are. If another writer replaces the same files first, the partition is left
    as it is. Old files stay on disk for readers that are still at them.
    """
    for name in datasets or store.tables:
        if name not in store.tables:
            raise StoreError(f"{name}: no such dataset{nearest(name, store.tables)}")
        table = store.tables[name]
        table.refresh()
        for partition in sorted({_partition(file) for file in table.files()}):
            # Listed anew each time: a commit of ours brings in what others have replaced.
            old = [file for file in table.files() if _partition(file) == partition]
            if len(old) > 1:
                yield _joined(store, table, partition, old)


def vacuum(store: Store, hours: int = 24) -> list[str]:
    """Delete what no question has needed for so many hours, at least 24; return the paths."""
    if hours < SHORTEST:
        raise StoreError(f"hours: {hours} is under {SHORTEST}; a reader may need a file for a day")
    deleted = []
    for name, table in store.tables.items():
        table.refresh()
        deleted += [f"{name}/{path}" for path in table.vacuum(hours)]
    return deleted


def history(store: Store, feed: str | None = None, coverage: str | None = None) -> list[Line]:
    """Return the ledger's lines, oldest first, with `stands` and `forgotten_at`."""
    store.ledger.refresh()
    standing, lines = set(store.ledger.standing()), store.ledger.lines
    gone = {line["forgets"]: line["recorded_at"] for line in lines if line["forgets"]}
    return [
        {
            **line,
            "stands": line["load_id"] in standing,
            "forgotten_at": gone.get(line["load_id"]),
        }
        for line in lines
        if feed in (None, line["feed"]) and coverage in (None, line["coverage"])
    ]


def _joined(store: Store, table: Table, partition: str, old: list[dict[str, Any]]) -> Compacted:
    contract = table.contract
    size = sum(file["size"] for file in old)
    listed = ", ".join(quoted(str(table.place / file["path"])) for file in old)
    order = [*contract.key, "recorded_at" if contract.is_ledger else "known_at", "load_id"]
    order += ["sequence"] if contract.is_event else []
    columns = ", ".join(map(named, [*contract.names, *contract.added]))
    try:
        new = table.rewrite(
            store.con,
            f"select {columns} from read_parquet([{listed}], hive_partitioning = false) "
            f"order by {', '.join(named(name) for name in dict.fromkeys(order))}",
            old[0]["partition"],
        )
    except duckdb.Error as error:
        raise StoreError(
            f"{table.place}: can't be read, {reason(error)}; run leadline store verify"
        ) from error
    if _exchanged(table, old, new):
        return Compacted(contract.name, partition, len(old), size, 1, new.size)
    (table.place / new.path).unlink(missing_ok=True)
    why = "another writer was first"
    return Compacted(contract.name, partition, len(old), size, len(old), size, why)


def _exchanged(table: Table, old: Sequence[dict[str, Any]], new: Part) -> bool:
    """Commit beside appends; give up once another writer has replaced one of the old files.

    Delta lets two writers take the same file away and would keep both new ones. So a try holds
    for one version of the log, and only where every old file is still alive in that version.
    """
    gone = {file["path"] for file in old}
    for _ in range(TRIES):
        live = {file["path"] for file in table.files()}
        if new.path in live or not gone <= live:
            return new.path in live
        try:
            table.replace(old, [new])
        except CommitFailedError:
            table.refresh()
        else:
            return True
    return new.path in {file["path"] for file in table.files()}


def _partition(file: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in file["partition"].items())
