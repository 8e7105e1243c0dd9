"""Opens stores and the views over them, as commands do."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from leadline.catalog import Catalog
from leadline.config import Config
from leadline.contract import Contract
from leadline.store import Store
from leadline.warehouse import Warehouse

ROOT = Path(__file__).parent.parent
ALL_CORES = Config("").engine()
ONE_CORE = Config("", threads=1).engine()  # a test's few rows are never shared out


@cache
def catalog(root: Path = ROOT) -> Catalog:
    """Return a project's SQL, which is read once."""
    return Catalog(root)


@contextmanager
def opened(
    place: Path,
    contracts: Mapping[str, Contract] | None = None,
    engine: Mapping[str, str] = ALL_CORES,
) -> Iterator[Store]:
    """Open a store; without contracts, for the real datasets."""
    with closing(Store(str(place), contracts or catalog().contracts, engine)) as store:
        yield store


@contextmanager
def door(
    place: Path,
    own: Catalog | None = None,
    engine: Mapping[str, str] = ALL_CORES,
    **given: Any,
) -> Iterator[Warehouse]:
    """Open views over a store: a catalog of their own, or the real one."""
    own = own or catalog()
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
