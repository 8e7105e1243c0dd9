"""What retention took out of a store: rows that nobody misses, where others would be damage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leadline import clock, sift
from leadline.store import Store
from leadline.table import Table

DATASET = "drops"
WHOLE = ""  # in place of a load: the dataset
AHEAD = timedelta(minutes=1)  # by which a source's clock may be before the store's


@dataclass(frozen=True)
class Drops:
    """What went: before which moment of each dataset, and what is left of loads told one by one."""

    floors: Mapping[str, datetime] = field(default_factory=dict)
    left: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def left_of(self, dataset: str, load_id: str, recorded_at: datetime, n_rows: int) -> int:
        """Return how many rows of a load should be there, of which it brought so many.

        None of one that was recorded before all that stays was known.
        """
        floor = self.floors.get(dataset, clock.BEGINNING)
        return self.left.get((dataset, load_id), 0 if recorded_at + AHEAD < floor else n_rows)


def known(store: Store) -> Drops:
    """Return what went out of a store so far."""
    table = store.tables.get(DATASET)
    if table is None:
        return Drops()
    table.refresh()
    if not table.exists:  # as nearly everywhere, and a long ledger takes a while to go through
        return Drops()
    store.ledger.refresh()
    if not (loads := store.ledger.standing(DATASET)):
        return Drops()
    rows = _standing(store, table, loads)
    floors = {name: before for name, load, before, _ in rows if load == WHOLE}
    return Drops(floors, {(name, load): n or 0 for name, load, _, n in rows if load != WHOLE})


def _standing(
    store: Store, table: Table, loads: Sequence[str]
) -> list[tuple[str, str, datetime, int | None]]:
    rows = sift.standing(table.contract, table.paths(), loads)
    columns = "dataset, of_load, epoch_us(dropped_before), n_left"
    with table.readable():
        found = store.con.execute(f"select {columns} from ({rows}) where not is_gone").fetchall()
    return [
        (name, load, clock.BEGINNING + timedelta(microseconds=at), n) for name, load, at, n in found
    ]
