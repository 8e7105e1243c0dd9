"""Real stores for tests: this project's contracts, a few sessions, small files of real feeds."""

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

from leadline import contract, project
from leadline.catalog import Catalog
from leadline.clock import BEGINNING, FOREVER, Span
from leadline.contract import Contract
from leadline.home import Home
from leadline.http import Http
from leadline.load import from_files, over_network, plan
from leadline.publication import Loaded, Publication
from leadline.store import Store
from leadline.warehouse import Warehouse
from tests import doors
from tests.doors import ROOT, one_core

ALWAYS = ("alerts", "loads", "rejected", "sessions")  # the engine itself asks for them
ALL_SESSIONS = Span(BEGINNING, datetime(2026, 1, 1, tzinfo=UTC))
FINRA_HEADER = "Date|Symbol|ShortVolume|ShortExemptVolume|TotalVolume|Market"
Row = Mapping[str, Any]


def _folder() -> Path:
    """Make a folder that goes with the process."""
    folder = tempfile.mkdtemp(prefix="leadline-tests-")
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


@cache
def contracts() -> dict[str, Contract]:
    return contract.read_all(ROOT / "sql" / "tables")


@cache
def catalog(dataset: str | None = None) -> Catalog:
    """What makes one dataset, or all of them, and short volume's view; binding all takes long."""
    sql = _folder() / "sql"
    for kind in ("detectors", "tables", "views/curated"):
        (sql / kind).mkdir(parents=True)
    for path in (ROOT / "sql" / "tables").glob("*.sql"):
        if dataset is None or path.stem in (dataset, *ALWAYS):
            shutil.copy(path, sql / "tables")
    if dataset in (None, "short_volume"):
        for path in (ROOT / "sql" / "views" / "curated").glob("short_volume.v*.sql"):
            shutil.copy(path, sql / "views" / "curated")
    return Catalog(sql.parent)


def opened(
    place: Path | Home, known: Mapping[str, Contract] | None = None
) -> AbstractContextManager[Store]:
    return doors.opened(place, known or contracts(), one_core())


def calendar(first: date, last: date) -> list[Row]:
    """Every weekday as a session of XNYS."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        {
            "calendar": "XNYS",
            "session_date": day,
            "opens_at": datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC),
            "closes_at": datetime(day.year, day.month, day.day, 21, tzinfo=UTC),
            "is_half_session": False,
            "sequence": n,
            "known_at": BEGINNING,
        }
        for n, day in enumerate(day for day in days if day.weekday() < 5)
    ]


def load_sessions(
    store: Store, first: date = date(2024, 2, 1), last: date = date(2024, 4, 30)
) -> Loaded:
    """Load a calendar; into a store in which nothing is it is copied from one of the same."""
    place = Path(str(store.place))
    if place.exists() or not place.parent.is_dir():
        return load_calendar(store, first, last)
    place, loaded = _laid(first, last)
    shutil.copytree(place, str(store.place), copy_function=shutil.copyfile)
    return loaded


def load_calendar(store: Store, first: date, last: date) -> Loaded:
    """Load a calendar as a publication, whatever is there."""
    batches = [("sessions", calendar(first, last))]
    return store.load(Publication("sessions", "all", ("sessions",), batches, "rules"))


@cache
def _laid(first: date, last: date) -> tuple[Path, Loaded]:
    folder = tempfile.mkdtemp(prefix="leadline-tests-")
    atexit.register(shutil.rmtree, folder)
    with opened(Path(folder) / "store") as store:
        loaded = load_calendar(store, first, last)
    return Path(folder) / "store", loaded


@cache
def real_sessions(span: Span) -> list[Row]:
    """Return New York's sessions of a span, by the exchange's rules."""
    return [row for row in _all_sessions() if span.since <= row["opens_at"] < span.until]


@cache
def _all_sessions() -> list[Row]:
    (_, rows) = next(iter(project.feed(ROOT, "sessions").pull(ALL_SESSIONS, cast(Http, None))))
    return list(cast(Any, rows).to_pylist())


@cache
def _store_begun() -> Path:
    """Make the tables that every load needs, in a store that is copied and never changed."""
    place = _folder() / "store"
    with opened(place) as store:
        for name in ("loads", "rejected"):
            store.tables[name].create()
    return place


@contextmanager
def begun(place: Path) -> Iterator[Store]:
    """Open a store in which nothing is loaded yet."""
    shutil.copytree(_store_begun(), place, copy_function=shutil.copy)
    with opened(place) as store:
        yield store


@cache
def _store_knowing(span: Span) -> Path:
    """Load the sessions of a span into a store that is copied and never changed."""
    place = _folder() / "store"
    with opened(place) as store:
        rows = [("sessions", real_sessions(span))]
        store.load(Publication("sessions", "all", ("sessions",), rows, "rules"))
    return place


@contextmanager
def knowing_sessions(span: Span, place: Path) -> Iterator[Store]:
    """Open a store that knows the real sessions of a span."""
    shutil.copytree(_store_knowing(span), place, copy_function=shutil.copy, dirs_exist_ok=True)
    with opened(place) as store:
        yield store


def finra(folder: Path, day: date, lines: Sequence[str], facility: str = "CNMS") -> Path:
    """Write a file as FINRA does: `A|short|exempt|total` is enough for a line."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{facility}shvol{day:%Y%m%d}.txt"
    body = [f"{day:%Y%m%d}|{line}|Q" if line.count("|") == 3 else line for line in lines]
    path.write_text("\n".join([FINRA_HEADER, *body, str(len(body))]) + "\n")
    return path


def load_files(
    store: Store,
    feed: str,
    *paths: Path,
    known_at: datetime | None = None,
    dry_run: bool = False,
) -> list[Loaded]:
    """Load files as the command line does."""
    module = project.feed(ROOT, feed)
    found = plan(feed, module, paths).files
    return list(from_files(feed, module, store, found, known_at=known_at, dry_run=dry_run))


def load_finra(store: Store, *paths: Path, **how: Any) -> list[Loaded]:
    return load_files(store, "finra_short_volume", *paths, **how)


@contextmanager
def door(
    place: Path | Home, known: Mapping[str, Contract] | None = None, dataset: str | None = None
) -> Iterator[Warehouse]:
    """Open a store as somebody who has just come."""
    found = catalog(dataset)
    with (
        opened(place, known or found.contracts) as store,
        closing(Warehouse(found, store, one_core())) as warehouse,
    ):
        yield warehouse


def ask(
    place: Path | Home,
    view: str,
    *,
    until: datetime = FOREVER,
    recorded_until: datetime | None = None,
    known: Mapping[str, Contract] | None = None,
) -> list[dict[str, Any]]:
    """Return a view's rows."""
    dataset = view.partition(".")[2]
    is_narrow = dataset != "loads" and known is None
    with door(place, known, dataset if is_narrow else None) as warehouse:
        found = warehouse.ask(view, BEGINNING, until, recorded_until)
        return doors.rows(found)


def seen(rows: Iterable[Row], *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns as sorted tuples."""
    return sorted((tuple(row[column] for column in columns) for row in rows), key=repr)


def lines(place: Path | Home) -> list[dict[str, Any]]:
    """Return the ledger, oldest first."""
    with opened(place) as store:
        store.ledger.refresh()
        return list(store.ledger.lines)


def files_under(place: Path) -> list[str]:
    return sorted(str(path.relative_to(place)) for path in place.rglob("*"))


def pulled_at(
    module: ModuleType, at: datetime, store: Store, span: Span, http: Http
) -> Iterator[Loaded]:
    """Load over the network what a feed asks for at a moment."""
    then = SimpleNamespace(FEED=module.FEED, pull=partial(module.pull, now=lambda: at))
    name = module.__name__.rpartition(".")[2]
    return over_network(name, cast(ModuleType, then), store, span, http)
