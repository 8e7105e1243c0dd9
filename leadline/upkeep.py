"""Upkeep of a store beside its readers and writers: compaction, vacuum and history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deltalake.exceptions import CommitFailedError

from leadline.errors import StoreError, nearest
from leadline.ledger import Line
from leadline.older import listed
from leadline.part import Part
from leadline.quote import named
from leadline.store import Store
from leadline.table import TRIES, Table

MANY = 32  # files of about one size, of 2 s each when they are new
SHORTEST = 24  # hours; the tables say the same
MOST = 5_000_000  # rows that are sorted at once; a guess
BESIDE = 1_000_000  # the same, beside feeds that are listened to

File = dict[str, Any]


_LARGE = 4  # the step of 32 MB


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
    """Join the small files of each partition, sorted by key and time.

    A partition ends as one file or, where it has more than MOST rows, as several: what holds half
    as many already is left alone. So what is sorted is bounded, and so are the files: two for
    each MOST rows, and one.

    Rows stay as they are. If another writer replaces the same files first, they are left as they
    are. Old files stay on disk for readers that are still at them.
    """
    for name in datasets or store.tables:
        if name not in store.tables:
            raise StoreError(f"{name}: no such dataset{nearest(name, store.tables)}")
        table = store.tables[name]
        table.refresh()
        table.agree()
        for partition in sorted({_partition(file) for file in table.files()}):
            # Listed anew each time: a commit of ours brings in what others have replaced.
            old = [file for file in table.files() if _partition(file) == partition]
            if several := [batch for batch in batches(old) if len(batch) > 1]:
                yield _compacted(store, table, partition, old, several)


def join(store: Store, most: int = MANY) -> Iterator[Compacted]:
    """Join the files of a partition that are about as large as each other, where they are many.

    So a partition that is appended to all day has few files of each size, and no row is written
    anew more often than there are sizes. Files of 32 MB, or of half as many rows as are sorted at
    once beside feeds, are left.
    """
    for table in store.tables.values():
        table.refresh()
        found: dict[tuple[str, int], list[File]] = {}
        for file in table.files():
            found.setdefault((_partition(file), _step(file["size"])), []).append(file)
        for (partition, step), old in sorted(found.items()):
            several = [batch for batch in batches(old, BESIDE) if len(batch) > 1]
            if len(old) >= most and step < _LARGE and several:
                yield _compacted(store, table, partition, old, several)


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


def batches(files: Sequence[File], most: int = MOST) -> list[list[File]]:
    """Return which files of a partition are to be joined with which, in the order of time."""
    small = [file for file in files if file["rows"] * 2 < most]
    found: list[list[File]] = []
    n_rows = most
    for file in sorted(small, key=lambda each: (str(each["bounds"].get("known_at")), each["path"])):
        n_rows += file["rows"]
        if n_rows > most:
            found.append([])
            n_rows = file["rows"]
        found[-1].append(file)
    return found


def _compacted(
    store: Store,
    table: Table,
    partition: str,
    old: Sequence[File],
    several: Sequence[Sequence[File]],
) -> Compacted:
    """Join each batch of files of a partition by itself; one that is overtaken is left as it is."""
    n_files, size, skipped = len(old), sum(file["size"] for file in old), ""
    before = size
    for batch in several:
        new = joined(store, table, batch)
        if exchanged(table, batch, [new]):
            n_files += 1 - len(batch)
            size += new.size - sum(file["size"] for file in batch)
        else:
            table.drop(new)
            skipped = "another writer was first"
    return Compacted(table.contract.name, partition, len(old), before, n_files, size, skipped)


def joined(store: Store, table: Table, old: Sequence[File], where: str = "true") -> Part:
    """Write the rows of several files of a partition, or some of them, into one."""
    contract = table.contract
    rows = listed([table.path(file) for file in old], contract.stored)
    order = [*contract.key, "recorded_at" if contract.is_ledger else "known_at", "load_id"]
    order += ["sequence"] if contract.is_event else []
    columns = ", ".join(map(named, [*contract.names, *contract.added]))
    with table.readable():
        return table.rewrite(
            store.con,
            f"select {columns} from {rows} where {where} "
            f"order by {', '.join(named(name) for name in dict.fromkeys(order))}",
            old[0]["partition"],
        )


def exchanged(
    table: Table, old: Sequence[File], new: Sequence[Part], *, is_change: bool = False
) -> bool:
    """Commit beside appends; give up once another writer has replaced one of the old files.

    Delta lets two writers take the same file away and would keep both new ones. So a try holds
    for one version of the log, and only where every old file is still alive in that version.
    """
    gone, come = {file["path"] for file in old}, {part.path for part in new}
    for _ in range(TRIES):
        live = {file["path"] for file in table.files()}
        if not gone <= live:
            return bool(come) and come <= live and gone.isdisjoint(live)
        try:
            table.replace(old, new, is_change=is_change)
        except CommitFailedError:
            table.refresh()
        else:
            return True
    live = {file["path"] for file in table.files()}
    return bool(come) and come <= live and gone.isdisjoint(live)


def _step(size: int) -> int:
    """Return which of the steps a size is on; each is eight times as large as the one below."""
    return max(0, size.bit_length() - 14) // 3


def _partition(file: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in file["partition"].items())
