"""Runs a model: what SQL cannot do is done once a day of rows, and lands in the store as rows.

A day is computed again when a load touched what its input is made of, and adds something only if
that input, the model's file or its library differs from what stands.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from leadline import clock, whole
from leadline.clock import BEGINNING, midnight
from leadline.errors import MissingError, StoreError
from leadline.feed import Batch, Feed, batches
from leadline.ledger import Touched
from leadline.publication import Loaded, Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

FOLDER = "_models"
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Model:
    """The card of a model.

    reads: the view whose rows `compute` is given as Arrow, those of one UTC day of known_at at a
    time. writes: the datasets it fills. library: the distribution that it computes with, whose
    version is a part of what a day was computed from; extra is what installs it.
    """

    reads: str
    writes: tuple[str, ...]
    library: str | None = None
    extra: str | None = None


@dataclass(frozen=True)
class Computed:
    """One day of one model, and what it added to the store."""

    model: str
    day: date
    n_inputs: int
    loaded: Loaded


class Seen:
    """The days that a model has looked at, each with the newest stamp that it depended on.

    It may be deleted at any time: then every day is asked once more, and adds nothing.
    """

    def __init__(self, place: Path, model: str, made_by: str) -> None:
        self._path = place / FOLDER / f"{model}.json"
        self._made_by = made_by
        said = json.loads(self._path.read_text()) if self._path.exists() else {}
        self._days: dict[str, str] = said["days"] if said.get("made_by") == made_by else {}

    def holds(self, day: date, stamp: datetime) -> bool:
        """Say whether a day was looked at when nothing newer was there."""
        return self._days.get(day.isoformat()) == stamp.isoformat()

    def add(self, day: date, stamp: datetime) -> None:
        """Remember a day; the file is whole or as it was."""
        self._days[day.isoformat()] = stamp.isoformat()
        said = {"made_by": self._made_by, "days": self._days}
        try:
            whole.write(self._path, json.dumps(said).encode())
        except OSError as error:
            raise StoreError(
                f"{self._path}: {error.strerror or error}; run this again when there is room"
            ) from error


def run(
    warehouse: Warehouse, store: Store, name: str, module: ModuleType, since: datetime = BEGINNING
) -> Iterator[Computed]:
    """Compute each day whose input may have changed since, oldest first; yield what was new.

    Days that begin before `since` are left.

    A result is known when its input row was, for it follows from it alone. A day whose input is
    gone, since its load was forgotten, loses what was computed from it in the same way.
    """
    card: Model = module.MODEL
    warehouse.refresh()
    due = stamps(warehouse, card.reads)
    if not due:
        return
    version = library_version(name, card.library, card.extra)
    bound = warehouse.fingerprint(card.reads)
    code = hashlib.sha256(Path(str(module.__file__)).read_bytes()).hexdigest()
    made_by = f"{bound.fingerprint} {code} {version}"
    seen = Seen(store.place.own, name, made_by)
    for day, stamp in due.items():
        if midnight(day) < since or seen.holds(day, stamp):
            continue
        given = inputs(warehouse, card.reads, day)
        if len(given):
            loaded = store.load(publication(name, module, given, f"{code} {version}", day))
            if loaded.is_new:
                yield Computed(name, day, len(given), loaded)
        else:
            store.ledger.refresh()
            if standing := store.ledger.place(name, day.isoformat()).standing:
                gone = store.forget(standing[0]["load_id"])
                n_gone = sum(line["n_rows"] for line in gone)
                loaded = Loaded(day.isoformat(), gone[0]["load_id"], True, n_gone=n_gone)
                yield Computed(name, day, 0, loaded)
        seen.add(day, stamp)


def library_version(name: str, library: str | Sequence[str] | None, extra: str | None) -> str:
    """Return name and version of each library of a model; a MissingError where one is not here."""
    said = []
    for each in [library] if isinstance(library, str) else library or ():
        try:
            said.append(f"{each} {metadata.version(each)}")
        except metadata.PackageNotFoundError:
            raise MissingError(
                f"{name}: it computes with {each}, which is missing; "
                f"pip install 'leadline[{extra}]'"
            ) from None
    return ", ".join(said)


def stamps(warehouse: Warehouse, view: str) -> Mapping[date, datetime]:
    """Return the days of which the view can have rows, each with the newest stamp it depends on.

    State may change any day; events change their own day, and those that look back to it.
    """
    events, of_all = touched_days(warehouse, view)
    days = sorted(events)
    found = {}
    for place, day in enumerate(days):
        first = bisect_left(days, warehouse.opened(view, midnight(day)).date())
        found[day] = max([of_all, *(events[each] for each in days[first : place + 1])])
    return found


def touched_days(warehouse: Warehouse, view: str) -> tuple[dict[date, datetime], datetime]:
    """Return the newest stamp of each day of the events below a view, and that of the state."""
    events, of_all = dict[date, datetime](), clock.BEGINNING
    names = {name.removeprefix("raw.") for name in warehouse.datasets(view)}
    for each in warehouse.store.ledger.touched(clock.BEGINNING):
        if each.dataset not in names:
            continue
        if warehouse.catalog.contracts[each.dataset].is_event:
            for day in _days(each):
                events[day] = max(events.get(day, clock.BEGINNING), each.recorded_at)
        else:
            of_all = max(of_all, each.recorded_at)
    return events, of_all


def inputs(warehouse: Warehouse, view: str, day: date) -> pa.Table:
    """Return the rows of a day in one order, whatever the threads did."""
    begin = midnight(day)
    rows = warehouse.ask(view, begin, begin + _DAY)
    return rows.order("all").to_arrow_table()


def publication(
    name: str, module: ModuleType, given: pa.Table, made_by: str, day: date
) -> Publication:
    """Return what a model says of a day; the same input and the same maker are the same content."""
    card: Model = module.MODEL
    digest = hashlib.sha256(made_by.encode())
    # As text: what lies in memory below a null may be anything.
    digest.update(repr((given.schema, given.to_pylist())).encode())
    return Publication(
        name,
        day.isoformat(),
        card.writes,
        _computed(name, module, given),
        f"{name} {day}",
        digest.hexdigest(),
        # What differs from an earlier run is known as its input is, whenever it was computed.
        known_at=clock.BEGINNING,
    )


def _computed(name: str, module: ModuleType, given: pa.Table) -> Iterator[Batch]:
    """Yield what the model makes, once the store asks for it."""
    card: Model = module.MODEL
    yielded: Any = module.compute(given)
    yield from batches(name, Feed(writes=card.writes), yielded)


def _days(touched: Touched) -> list[date]:
    first, last = touched.since_date, touched.until_date
    if not first or not last:
        return []
    return [first + n * _DAY for n in range((last - first).days + 1)]
