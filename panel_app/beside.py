"""DuckDBs beside the one that is served, which is locked and busy with everybody's questions."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol
from weakref import finalize

from leadline.engine import Engine
from leadline.store import Store
from leadline.warehouse import Warehouse


class Closable(Protocol):
    """What is given back."""

    def close(self) -> None:
        """Give it back."""


@contextmanager
def store_beside(served: Warehouse) -> Iterator[tuple[Store, Engine]]:
    """Open the served store in a DuckDB with one core, to write to it."""
    settings = {**served.engine.settings, "threads": "1"}
    with closing(Engine(settings)) as engine, closing(_store(served, engine)) as store:
        yield store, engine


def warehouse_beside(served: Warehouse, owner: object, *first: Closable) -> Warehouse:
    """Return a warehouse like the served one, to hold what many questions share.

    It is closed when its owner goes, after what is `first`.
    """
    engine = Engine(served.engine.settings)
    store = _store(served, engine)
    house = served.another(store, engine)
    finalize(owner, _close, *first, house, store, engine)
    return house


def _store(served: Warehouse, engine: Engine) -> Store:
    return Store(served.store.place, served.store.contracts, engine)


def _close(*opened: Closable) -> None:
    for each in opened:
        each.close()
