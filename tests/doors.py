"""Opens stores and the views over them, as commands do."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from leadline import homes
from leadline.catalog import Catalog
from leadline.config import Config
from leadline.contract import Contract
from leadline.engine import Engine
from leadline.home import Home
from leadline.store import Store
from leadline.warehouse import Warehouse

ROOT = Path(__file__).parent.parent


@cache
def all_cores() -> Engine:
    """Return the DuckDB of tests with many rows: one a process, for a start takes long."""
    return Engine(Config("").engine())


@cache
def one_core() -> Engine:
    """Return the DuckDB of all other tests, whose few rows are never shared out."""
    return Engine(Config("", threads=1).engine())


@contextmanager
def alone(threads: int = 0) -> Iterator[Engine]:
    """Open a DuckDB that a test may lock or limit."""
    with closing(Engine(Config("", threads=threads).engine())) as engine:
        yield engine


@cache
def catalog(root: Path = ROOT) -> Catalog:
    """Return a project's SQL, which is read once."""
    return Catalog(root)


@contextmanager
def opened(
    place: Path | Home,
    contracts: Mapping[str, Contract] | None = None,
    engine: Engine | None = None,
) -> Iterator[Store]:
    """Open a store; without contracts, for the real datasets."""
    engine = engine or all_cores()
    with closing(Store(homes.at(place), contracts or catalog().contracts, engine)) as store:
        yield store


@contextmanager
def door(
    place: Path | Home,
    own: Catalog | None = None,
    engine: Engine | None = None,
    **given: Any,
) -> Iterator[Warehouse]:
    """Open views over a store: a catalog of their own, or the real one."""
    own, engine = own or catalog(), engine or all_cores()
    with (
        opened(place, own.contracts, engine) as store,
        closing(Warehouse(own, store, engine, **given)) as warehouse,
    ):
        yield warehouse


def fired(
    warehouse: Warehouse, detector: str, since: datetime, until: datetime
) -> list[tuple[str, datetime]]:
    """Return key and moment of every alert of a span, in order."""
    found = warehouse.ask(detector, since, until).select("alert_key, fired_at")
    return sorted(tuple(row.values()) for row in rows(found))


def rows(answer: duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    """Return an answer's rows, by column."""
    return list(answer.to_arrow_table().to_pylist())
