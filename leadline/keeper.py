"""Has views answer from the files of their kept days, as far as these have come and still serve."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from leadline.clock import BEGINNING
from leadline.kept import Kept
from leadline.ledger import Ledger
from leadline.listing import Listing
from leadline.older import is_any


@dataclass
class Keeper:
    """The kept views of one warehouse, by their stable names."""

    kept: dict[str, Kept]
    _heard_to: datetime = BEGINNING
    _made: dict[str, tuple[bool, frozenset[object]]] = field(default_factory=dict)

    def look(
        self, con: duckdb.DuckDBPyConnection, ledger: Ledger, listings: Mapping[str, Listing]
    ) -> None:
        """Hear what was loaded, find what serves, and make those views again that need it.

        A question names the days and files that it takes: a view changes only with its first file,
        or with the first one of what it is computed from.
        """
        touched = ledger.touched(self._heard_to)
        for name, kept in self.kept.items():
            kept.hear(touched)
            kept.listings = [listings[each] for each in kept.events]
            if not kept.look():
                continue
            if kept.files:
                con.execute("; ".join(kept.variables([])))  # a view is bound to one
            # Of files that lack columns a view names each one.
            told = (listings[each] for each in kept.events if listings[each].files)
            made = (
                bool(kept.files),
                frozenset(
                    each.files if is_any(each.files) else each.contract.name for each in told
                ),
            )
            if made != self._made.get(name, (False, made[1])):
                described = con.execute(f"describe from {name}").fetchall()
                types = {column: kind for column, kind, *_ in described}
                con.execute("; ".join(kept.statements(types, listings)))
                self._made[name] = made
        self._heard_to = ledger.newest()
