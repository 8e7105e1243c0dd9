"""Upkeep of a store beside its readers and writers: compaction, vacuum and history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from deltalake.exceptions import DeltaError

from leadline.errors import StoreError, nearest
from leadline.ledger import Line
from leadline.quote import named, quoted
from leadline.store import Store
from leadline.table import Table


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
        files = sorted(table.files(), key=_partition)
        for partition, group in groupby(files, key=_partition):
            old = list(group)
            if len(old) > 1:
                yield _joined(store, table, partition, old)


def vacuum(store: Store, hours: int = 24) -> list[str]:
    """Delete what no question has needed for so many hours; return the paths."""
    deleted = []
    for name, table in store.tables.items():
        table.refresh()
        deleted += [f"{name}/{path}" for path in table.vacuum(hours)]
    return deleted


def history(store: Store, feed: str | None = None, coverage: str | None = None) -> list[Line]:
    """Return the ledger's lines, oldest first, each with whether it stands still."""
    store.ledger.refresh()
    standing = set(store.ledger.standing())
    return [
        {**line, "stands": line["load_id"] in standing}
        for line in store.ledger.lines
        if feed in (None, line["feed"]) and coverage in (None, line["coverage"])
    ]


def _joined(store: Store, table: Table, partition: str, old: list[dict[str, Any]]) -> Compacted:
    contract = table.contract
    size = sum(file["size"] for file in old)
    listed = ", ".join(quoted(str(table.place / file["path"])) for file in old)
    order = [*contract.key, "recorded_at" if contract.is_ledger else "known_at", "load_id"]
    order += ["sequence"] if contract.is_event else []
    columns = ", ".join(map(named, [*contract.names, *contract.added]))
    new = table.rewrite(
        store.con,
        f"select {columns} from read_parquet([{listed}], hive_partitioning = false) "
        f"order by {', '.join(named(name) for name in dict.fromkeys(order))}",
        old[0]["partition"],
    )
    done = Compacted(contract.name, partition, len(old), size, 1, new.size)
    try:
        table.replace(old, [new])
    except DeltaError as error:
        (table.place / new.path).unlink(missing_ok=True)
        table.refresh()
        why = f"another writer was first: {str(error).splitlines()[0][:100]}"
        return Compacted(contract.name, partition, len(old), size, len(old), size, why)
    return done


def _partition(file: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in file["partition"].items())
