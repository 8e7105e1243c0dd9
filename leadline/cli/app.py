"""The command tree, and what every command opens: the project, its settings, its store."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from stamina.instrumentation import RetryDetails

    from leadline.act import Act
    from leadline.bucket import Bucket
    from leadline.catalog import Catalog
    from leadline.config import Config
    from leadline.engine import Engine
    from leadline.feed import Feed
    from leadline.home import Home
    from leadline.http import Http
    from leadline.store import Store
    from leadline.warehouse import Warehouse

app = typer.Typer(
    name="leadline",
    help="Follow the smart money with SQL.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its boxes would break a sentence into lines
)
stores = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Look after the store's files."
)
news = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Write new content, or a desk of your own."
)
app.add_typer(stores, name="store")
app.add_typer(news, name="new")

# What Ctrl-C stops: DuckDB itself does not listen while it works.
stops: list[Callable[[], None]] = []


@dataclass
class Desk:
    """What one command works with; a thing is opened when it is first asked for."""

    flags: Mapping[str, Any]
    act: "Act | None" = None  # what is noted of the command
    _opened: "list[Engine | Store | Warehouse]" = field(default_factory=list)
    _stops: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        """Give back what was opened."""
        while self._stops:
            with suppress(ValueError):
                stops.remove(self._stops.pop())
        while self._opened:
            self._opened.pop().close()

    def anew(self) -> "Desk":
        """Return a desk that reads settings and SQL as they are saved now, in the same DuckDB."""
        desk = Desk(self.flags)
        desk.__dict__["engine"] = self.engine
        return desk

    def beside(self) -> "Desk":
        """Return a desk of the same project and engine, for a thread of its own to work at."""
        desk = self.anew()
        desk.__dict__ |= {name: getattr(self, name) for name in ("root", "config", "catalog")}
        return desk

    def interrupt(self) -> None:
        """Stop what DuckDB does for this desk, from another thread."""
        for stop in list(self._stops):
            with suppress(Exception):  # it has just been closed
                stop()

    @cached_property
    def root(self) -> Path:
        """The project's folder."""
        from leadline import project

        return project.root()

    @cached_property
    def config(self) -> "Config":
        """The settings in force."""
        from leadline import config

        return config.read(self.root, self.flags)

    @cached_property
    def place(self) -> "Home":
        """Where the store lies."""
        from leadline import homes

        return homes.of(self.config, self.root)

    @cached_property
    def catalog(self) -> "Catalog":
        """The project's SQL."""
        from leadline.catalog import Catalog

        return Catalog(self.root)

    @cached_property
    def engine(self) -> "Engine":
        """The DuckDB of this command: who works in it shares what the settings allow."""
        return self.another_engine()

    def another_engine(self) -> "Engine":
        """Open a DuckDB for whoever has to be alone in it."""
        from leadline.engine import Engine

        engine = Engine(self.config.engine())
        self._opened.append(engine)
        return engine

    @cached_property
    def store(self) -> "Store":
        """The store, for loaders and upkeep."""
        from stamina.instrumentation import set_on_retry_hooks

        set_on_retry_hooks([say_again])
        return self.another_store()

    def another_store(self, *, is_patient: bool = False) -> "Store":
        """Open the store once more, for whoever loads beside those who ask.

        A patient one goes on at Ctrl-C, so that what was received can still be appended.
        """
        from leadline.store import Store

        store = Store(self.place, self.catalog.contracts, self.engine)
        if not is_patient:
            self._stopping(store.con.interrupt)
        self._opened.append(store)
        return store

    @contextmanager
    def http(self, feed: str, card: "Feed") -> "Iterator[Http]":
        """Open a feed's way to its sources."""
        from leadline.http import Http

        contact, folder, moved = self.config.contact, _downloads(), self.config.moved
        with Http(
            feed, contact=contact, folder=folder, per_second=card.per_second, source=card.source,
            moved=moved,
        ) as http:  # fmt: skip
            http.symbols = self.config.named_symbols()
            if card.wants:
                http.wanted = partial(self.rows, card.wants)
            yield http

    def rows(self, view: str) -> list[dict[str, Any]]:
        """Return a view's rows, of all of time."""
        from leadline import clock

        found = self.warehouse().ask(view, clock.BEGINNING, clock.now())
        return list(found.to_arrow_table().to_pylist())

    @contextmanager
    def bucket(self, feed: str, address: str) -> "Iterator[Bucket]":
        """Open the bucket of a feed's source, at this address if the settings name no other."""
        from leadline.bucket import Bucket

        place = self.config.bucket(feed.partition("_")[0], address)
        with Bucket(feed, place, folder=_downloads()) as bucket:
            yield bucket

    def warehouse(
        self,
        params: Mapping[str, Mapping[str, Any]] | None = None,
        engine: "Engine | None" = None,
    ) -> "Warehouse":
        """Return the door, with parameters replaced for this run."""
        from leadline.warehouse import Warehouse

        merged = {name: dict(values) for name, values in self.config.params.items()}
        for name, values in (params or {}).items():
            merged[name] = merged.get(name, {}) | dict(values)
        warehouse = Warehouse(self.catalog, self.store, engine or self.engine, merged)
        self._stopping(warehouse.interrupt)
        self._opened.append(warehouse)
        return warehouse

    def _stopping(self, stop: Callable[[], None]) -> None:
        self._stops.append(stop)
        stops.append(stop)


def length(option: str, text: str, like: str = "60s, 5m or 2h") -> timedelta:
    """Read how long something lasts; what is none is a ConfigError that names the option."""
    from leadline.errors import ConfigError
    from leadline.span import stretch

    found = stretch(text)
    if not found:
        raise ConfigError(f"{option}: '{text}' is no stretch of time; write {like}")
    return found


def _downloads() -> Path:
    """Return a folder for all processes of a person: they share a host's pace, and its parts."""
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"leadline-http-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return folder


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        typer.echo(f"leadline {version('leadline')}")
        raise typer.Exit


_VERSION = typer.Option(
    False, "--version", callback=_version, is_eager=True, help="Say the version and end."
)


@app.callback()
def settings(
    context: typer.Context,
    store: str | None = typer.Option(
        None, help="A folder or s3://bucket/prefix; else LEADLINE_STORE."
    ),
    memory: str | None = typer.Option(None, help="What DuckDB may use, as 8GB."),
    threads: int | None = typer.Option(None, help="How many threads DuckDB may use."),
    is_version: bool = _VERSION,
) -> None:
    """Follow the smart money with SQL."""
    if context.obj is None:  # else a command of a command, at a desk of its own
        context.obj = Desk({"store": store, "memory": memory, "threads": threads})
        context.call_on_close(context.obj.close)
        context.call_on_close(stops.clear)
        from leadline.cli.noted import begin

        begin(context, context.obj)


def say(text: str) -> None:
    """Print one line of talk."""
    typer.echo(text, err=True)


def track(desk: Desk, warehouse: "Warehouse") -> None:
    """Tell the tracker what was fitted and tried, if there is one; what is wrong ends nothing."""
    from leadline import tracking
    from leadline.errors import MissingError

    if tracker := tracking.address(desk.config.tracking):
        try:
            if n_told := tracking.track(warehouse, tracker, say):
                say(f"tracking: told {n_told:,} runs")
        except MissingError as error:
            say(str(error))


def say_again(details: "RetryDetails") -> None:
    """Say that a source is asked again; a commit that others overtook is counted elsewhere."""
    from deltalake.exceptions import CommitFailedError

    if isinstance(details.caused_by, BlockingIOError):  # it holds what comes of the same file
        say(f"another process fetches the same; looked at again in {details.wait_for:.1f} s")
    elif not isinstance(details.caused_by, CommitFailedError):
        say(f"{details.caused_by}; the source is asked again in {details.wait_for:.0f} s")
