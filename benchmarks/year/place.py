"""Puts made days into a store: its own files, log and ledger, without judging each row again.

The rows are written straight from Arrow by the store's own writer, and signed by its ledger.
That they keep their contracts is shown by a test that lets `Store.load` judge them.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import pyarrow as pa

from benchmarks.year.world import FEED
from leadline import sift
from leadline.publication import Publication
from leadline.quote import named
from leadline.staged import Staged
from leadline.store import Store

Rows: TypeAlias = pa.Table | pa.RecordBatchReader


def stream(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatchReader:
    """Return batches that are made as they are asked for."""
    first = next(batches)

    def every() -> Iterator[pa.RecordBatch]:
        yield first
        yield from batches

    return pa.RecordBatchReader.from_batches(first.schema, every())


def put(store: Store, coverage: str, made: str, tables: Mapping[str, Rows]) -> int:
    """Commit one day, whole or not at all; return how many rows. `made` says how it was made."""
    store.ledger.refresh()
    place = store.ledger.place(FEED, coverage)
    publication = Publication(FEED, coverage, tuple(tables), (), "benchmarks.year", made)
    staged = Staged(publication, place, store.con, store.tables, store.tables)
    with staged:
        for dataset, rows in tables.items():
            table = store.tables[dataset]
            table.create()
            table.refresh()
            store.con.register("made_rows", rows)
            try:
                sql = sift.stored(table.contract, _typed(store, dataset, rows), FEED, staged.id)
                staged.parts[dataset] = table.write(store.con, sql)
            finally:
                store.con.unregister("made_rows")
        staged.parts["rejected"] = []
        store.tables["loads"].create()
        staged.commit(store.ledger)
        return staged.n_rows


def has(store: Store, coverage: str) -> bool:
    """Say whether a day is there."""
    store.ledger.refresh()
    return bool(store.ledger.place(FEED, coverage).standing)


def _typed(store: Store, dataset: str, rows: Rows) -> str:
    """Return the rows with every column of the contract; what is not made is null."""
    contract = store.tables[dataset].contract
    columns = [
        f"cast({named(name) if name in rows.schema.names else 'null'} as {kind}) as {named(name)}"
        for name, kind in contract.stored.items()
        if name not in ("source", "load_id", "is_gone")
    ]
    return f"select {', '.join(columns)} from made_rows"
