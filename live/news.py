"""Reads the rows of a dataset that came since it was read last, however long its history is."""

from collections.abc import Sequence
from typing import Any

from leadline.clock import BEGINNING
from leadline.older import listed
from leadline.quote import named, quoted
from leadline.store import Store

Row = dict[str, Any]


class News:
    """One dataset of a store whose ledger and tables somebody keeps fresh."""

    def __init__(self, store: Store, dataset: str, order: str) -> None:
        """Tell rows in the order of the store's clock, those of one load in this one."""
        self._store, self._order = store, order
        self._table = store.tables[dataset]
        self._after = BEGINNING

    def rows(self) -> list[Row]:
        """Return what is new; nothing of it is told again."""
        ledger, name = self._store.ledger, self._table.contract.name
        if not (loads := ledger.wrote(name, self._after)):
            return []
        newest = ledger.newest()
        found = self._of(loads, "")
        self._after = newest
        return found

    def having(self, column: str, values: Sequence[str]) -> list[Row]:
        """Return the rows of all of time that have one of these values."""
        loads = self._store.ledger.wrote(self._table.contract.name, BEGINNING)
        if not loads or not values:
            return []
        return self._of(loads, f"and stored.{column} in ({', '.join(map(quoted, values))})")

    def _of(self, loads: dict[str, Any], condition: str) -> list[Row]:
        self._table.refresh()
        files = []
        for file in self._table.files():
            first, last = file["bounds"].get("load_id", (None, None))
            if first != last or first in loads:  # of several loads, once it is compacted
                files.append(self._table.path(file))
        stamps = ", ".join(
            f"({quoted(load)}, timestamptz {quoted(stamp.isoformat())})"
            for load, stamp in loads.items()
        )
        kinds = self._table.contract.stored
        own = ", ".join(f"stored.{named(name)}" for name in kinds)
        sql = f"""
            select {own}, loads.stamp as recorded_at
            from {listed(sorted(files), kinds)} as stored
            inner join (values {stamps}) as loads (load_id, stamp)
                on stored.load_id = loads.load_id
            where not stored.is_gone {condition}
            order by loads.stamp, {self._order}
        """
        rows: list[Row] = self._store.con.sql(sql).to_arrow_table().to_pylist()
        return rows
