"""A small project in a folder of its own, with a store and rows that a test gives."""

import atexit
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from leadline import cli, clock, config, load, project
from leadline.catalog import Catalog
from leadline.clock import Span
from leadline.feed import Batch, Feed, Http
from leadline.publication import Loaded
from leadline.store import Store
from leadline.warehouse import Warehouse
from tests.doors import ROOT, door, one_core, opened

PRINTS = """\
-- kind:       event
-- partition:  day
-- what:       Prints of a test.
-- grain:      one row per print
-- key:        print_id

create table prints (
    print_id text not null,  -- its number
    price bigint not null  -- USD
);
"""
NAMES = """\
-- kind:       state
-- partition:  none
-- what:       Names of a test.
-- grain:      one row per name
-- key:        name

create table names (
    name text not null  -- what it is called
);
"""
NEGATIVE = """\
-- what:     Prints at a price below nothing.
-- grain:    one row per print
-- status:   live
-- every:    1h
-- severity: high
-- needs:    0s

select
    'prints' as dataset, prints.print_id as entity, prints.known_at,
    'a price of ' || prints.price as reason,
    to_json(struct_pack(price := prints.price)) as evidence
from raw.prints as prints
where prints.price < 0
"""
FOLLOWED = """\
-- what:    Prints, each with the one before and the one after.
-- grain:   one row per print
-- status:  live
-- needs:   90s

select
    print_id, price, known_at,
    lag(print_id) over in_order as previous_id,  -- the print before
    lead(print_id) over in_order as next_id,  -- the print after
    count(*) over () as n_seen  -- prints that were opened
from raw.prints
window in_order as (order by known_at, print_id)
"""
HIGH = """\
-- rule:    A1
-- what:    A print above a price.
-- grain:   one row per print
-- status:  live
-- every:   1m
-- needs:   0s
-- misses:  lower prints
-- noisy:   when prices are high

with params as (
    select 100 as min_price  -- a hundred
)

select
    'T' as entity, 'underlying' as entity_type, known_at as happened_at, known_at as fired_at,
    'bull' as direction, cast(least(100, prints.price / 10) as double) as score,
    cast(1 as double) as confidence, cast(prints.price as double) as notional_usd,
    'print ' || prints.print_id as headline,
    to_json(struct_pack(price := prints.price)) as evidence,
    'prices.high|' || prints.print_id as alert_key
from curated.followed as prints
cross join params
where prints.price >= params.min_price
"""
CALLED = """\
-- rule:    A1
-- what:    A name became known.
-- grain:   one row per name
-- status:  live
-- every:   1d
-- needs:   0s
-- misses:  what has no name
-- noisy:   never

select
    name as entity, 'underlying' as entity_type, known_at as happened_at, known_at as fired_at,
    'bull' as direction, cast(1 as double) as score, cast(1 as double) as confidence,
    cast(null as double) as notional_usd, name as headline,
    to_json(struct_pack(name := name)) as evidence, 'prices.called|' || name as alert_key
from raw.names
"""
DOUBLES = """\
-- kind:       event
-- partition:  day
-- what:       Prints' prices, doubled.
-- grain:      one row per print
-- key:        print_id

create table doubles (
    print_id text not null,  -- its number
    price bigint not null  -- USD
);
"""
SUMMED = """\
-- what:    What traded each day.
-- grain:   one row per day
-- status:  live
-- keep:    partials
-- needs:   0s

select known_date, sum(price) as price, max(known_at) as known_at
from raw.prints
group by known_date
"""


def at(text: str) -> datetime:
    """Read a moment of 2024-03: `05 15:00`."""
    return datetime.fromisoformat(f"2024-03-{text}").replace(tzinfo=UTC)


@lru_cache(maxsize=8)
def _catalog(root: Path, texts: tuple[tuple[Path, str], ...]) -> Catalog:
    return Catalog(root)


@dataclass
class SmallDesk:
    """A project's folder and what a test does with it."""

    root: Path

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def copy(self, root: Path) -> "SmallDesk":
        """Copy the project and its store, for a test that changes them."""
        shutil.copytree(self.root, root, copy_function=shutil.copyfile)
        return SmallDesk(root)

    def catalog(self) -> Catalog:
        """Read the project's SQL; files that stand as they stood are not read anew."""
        paths = sorted((self.root / "sql").rglob("*.sql"))
        return _catalog(self.root, tuple((path, path.read_text()) for path in paths))

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the store."""
        with opened(self.root / "store", self.catalog().contracts, one_core()) as store:
            yield store

    @contextmanager
    def warehouse(self, **given: Any) -> Iterator[Warehouse]:
        """Open the door, with what leadline.toml says."""
        given = dict[str, Any](params=config.read(self.root).params, engine=one_core()) | given
        with door(self.root / "store", self.catalog(), **given) as house:
            yield house

    def load(self, dataset: str, rows: Sequence[Mapping[str, Any]], feed: str = "test") -> Loaded:
        """Load rows as one publication of a feed."""
        with self.store() as store:
            return load_into(store, dataset, rows, feed)

    def prints(self, *prints: tuple[str, int, str], feed: str = "test") -> Loaded:
        """Load prints: number, price and the moment they became known."""
        rows = [{"print_id": n, "price": p, "known_at": at(when)} for n, p, when in prints]
        return self.load("prints", rows, feed)

    def sessions(self) -> None:
        """Load the weekdays of 2024-02-26 to 2024-03-22 as XNYS sessions."""
        days = [datetime(2024, 2, 26, tzinfo=UTC) + timedelta(days=n) for n in range(26)]
        rows = [
            {
                "calendar": "XNYS",
                "session_date": day.date(),
                "opens_at": day + timedelta(hours=14, minutes=30),
                "closes_at": day + timedelta(hours=21),
                "is_half_session": False,
                "sequence": number,
                "known_at": clock.BEGINNING,
            }
            for number, day in enumerate(day for day in days if day.weekday() < 5)
        ]
        self.load("sessions", rows, feed="sessions")


def small_desk(root: Path) -> SmallDesk:
    """Lay out a project with one event dataset, one state, one view and one detector."""
    desk = SmallDesk(root)
    own = (
        "alert_actions", "alerts", "deliveries", "latencies", "loads", "rejected", "rule_marks",
        "sessions",
    )  # fmt: skip
    for name in own:
        path = f"sql/tables/{name}.sql"
        desk.write(path, (ROOT / path).read_text())
    desk.write("sql/tables/prints.sql", PRINTS)
    desk.write("sql/tables/names.sql", NAMES)
    desk.write("sql/views/curated/followed.v1.sql", FOLLOWED)
    desk.write("sql/detectors/prices/high.v1.sql", HIGH)
    desk.write("leadline.toml", "")
    return desk


def telling_desk(root: Path) -> SmallDesk:
    """Lay out the small project with what tells of alerts."""
    desk = small_desk(root)
    views = ("curated/alerts", "curated/alert_actions", "curated/alert_states", "reports/alerts")
    for name in views:
        path = f"sql/views/{name}.v1.sql"
        desk.write(path, (ROOT / path).read_text())
    return desk


def checked_desk(root: Path) -> SmallDesk:
    """Lay out the small project with two checks of its prints, and what they found."""
    desk = small_desk(root)
    for name in ("tables/check_results", "views/ops/checks.v1"):
        desk.write(f"sql/{name}.sql", (ROOT / f"sql/{name}.sql").read_text())
    desk.write("sql/checks/prints/negative.v1.sql", NEGATIVE)
    large = NEGATIVE.replace("< 0", "> 1_000").replace("below nothing", "above a thousand")
    desk.write("sql/checks/prints/large.v1.sql", large)
    return desk


def measured_desk(root: Path) -> SmallDesk:
    """Lay out the small project with what a backtest asks."""
    desk = small_desk(root)
    own = ("alerts", "matches", "curve")
    for name in ("tables/events", *(f"views/backtest/{each}.v1" for each in own)):
        desk.write(f"sql/{name}.sql", (ROOT / f"sql/{name}.sql").read_text())
    # At its threshold of 100 its alerts are worth a look: 25 of 100.
    desk.write("sql/detectors/prices/high.v1.sql", HIGH.replace("price / 10", "price / 4"))
    return desk


def plant(
    desk: SmallDesk, *events: tuple[str, float | None, str, str], detector: str = "prices.high"
) -> None:
    """Load events of a detector: id, size, first and last moment."""
    rows = [
        {
            "event_id": name, "label": "planted", "detector": detector, "entity": "T",
            "starts_at": at(begin), "ends_at": at(end), "size": size, "known_at": at("01 00:00"),
        }
        for name, size, begin, end in events
    ]  # fmt: skip
    desk.load("events", rows, feed=f"planted {detector}")


def house_copy(root: Path) -> SmallDesk:
    """Copy the real project's content, so that a test may change it."""
    for name in ("sql", "loaders", "models"):
        shutil.copytree(ROOT / name, root / name)
    (root / "leadline.toml").write_text("")
    return SmallDesk(root)


def alerting(root: Path, detectors: Collection[str]) -> Catalog:
    """Copy the real project's SQL with no detectors but these, by id; return its catalog."""
    shutil.copytree(ROOT / "sql", root / "sql")
    for path in (root / "sql" / "detectors").glob("*/*.sql"):
        if f"{path.parent.name}.{path.name.partition('.')[0]}" not in detectors:
            path.unlink()
    return Catalog(root)


def load_into(
    store: Store, dataset: str, rows: Sequence[Mapping[str, Any]], feed: str = "test"
) -> Loaded:
    """Load rows as one publication of a feed that asks nobody."""

    def pull(span: Span, http: Http) -> Iterator[Batch]:
        yield dataset, rows

    module = ModuleType(feed)
    module.__dict__.update(FEED=Feed(writes=(dataset,), step=0), pull=pull)
    span, nobody = Span(clock.BEGINNING, clock.now()), cast(Http, None)
    (loaded,) = load.over_network(feed, module, store, span, nobody)
    return loaded


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str
    data: bytes


def run(root: Path, *words: str | Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run a command of the real command line, in this process; env is added to what it sees."""
    held, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(held, encoding="utf-8", write_through=True)
    argv, before, code = sys.argv, dict(os.environ), 0
    sys.argv = ["leadline", *map(str, words)]
    try:
        _settle(os.environ, root)
        os.environ.update(env or {})
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.argv = argv
        os.environ.clear()
        os.environ.update(before)
        _forget_models(root)
    data = held.getvalue()
    return Ended(code, data.decode(errors="replace"), err.getvalue(), data)


def _forget_models(root: Path) -> None:
    """Forget a project's models: the next command is in a process of its own, as users run it."""
    # Only theirs are looked at: to ask each of thousands where it is from takes long.
    models = [name for name in sys.modules if name.startswith("models.") and root != ROOT]
    for name in models:
        file = getattr(sys.modules[name], "__file__", None)
        if file and Path(file).is_relative_to(root):
            del sys.modules[name]


def start(root: Path, *words: str | Path, stdout: int = subprocess.PIPE) -> "subprocess.Popen[str]":
    """Start a command in a process of its own."""
    env = dict(os.environ)
    _settle(env, root)
    return subprocess.Popen(
        [sys.executable, "-m", "leadline", *map(str, words)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=env,
    )


def _settle(env: MutableMapping[str, str], root: Path) -> None:
    """Name the project, and forget what whoever runs the tests has set."""
    for name in [name for name in env if name.startswith("LEADLINE_")]:
        del env[name]
    env.update(LEADLINE_PROJECT=str(root), LEADLINE_THREADS="1")


@cache
def _real_calendars() -> Path:
    """Load the sessions of all years into a store that is copied and never changed."""
    folder = tempfile.mkdtemp(prefix="leadline-tests-")
    atexit.register(shutil.rmtree, folder)
    with opened(Path(folder) / "store") as store:
        calendar = project.feed(ROOT, "sessions")
        span = Span(clock.BEGINNING, datetime(2026, 1, 1, tzinfo=UTC))
        list(load.over_network("sessions", calendar, store, span, cast(Http, None)))
    return Path(folder) / "store"


def real_store(place: Path, *sources: tuple[str, Path]) -> Path:
    """Load the files of real feeds into a store that knows all sessions; return its folder."""
    shutil.copytree(_real_calendars(), place, copy_function=shutil.copy)
    with opened(place) as store:
        for feed, folder in sources:
            module = project.feed(ROOT, feed)
            list(load.from_files(feed, module, store, load.plan(feed, module, [folder]).files))
    return place
