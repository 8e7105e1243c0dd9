"""A store of its own for a study: it is filled, asked and thrown away."""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import polars as pl
import pyarrow as pa

from leadline import clock, project
from leadline.catalog import Catalog
from leadline.clock import Span
from leadline.config import Config
from leadline.engine import Engine
from leadline.feed import Http
from leadline.load import over_network
from leadline.publication import Publication
from leadline.store import Store
from leadline.warehouse import Warehouse

ROOT = Path(__file__).parent.parent
RULES = ("sessions", "option_codes")
MEMORY = "6GB"  # what does not fit is spilled, since others have the machine too
END = datetime(2026, 1, 1, tzinfo=UTC)  # fixed, so that the calendar is the same whenever it runs
_NOBODY = cast(Http, None)  # these feeds ask no source


@contextmanager
def house(
    engine: Engine | None = None,
    catalog: Catalog | None = None,
    place: Path | None = None,
    detectors: Collection[str] = (),
) -> Iterator[Warehouse]:
    """Open all views over a store that knows sessions and condition codes.

    It is empty and goes with the study, or stays at a place. With detectors named there are no
    others, so that what asks for all alerts asks these.
    """
    with tempfile.TemporaryDirectory(prefix="leadline-study-") as folder:
        own = engine or Engine(Config("", memory=MEMORY).engine())
        views = catalog or Catalog(only(Path(folder), detectors) if detectors else ROOT)
        with (
            closing(Store(str(place or Path(folder, "store")), views.contracts, own)) as store,
            closing(Warehouse(views, store, own)) as warehouse,
        ):
            for name in RULES:
                span = Span(clock.BEGINNING, END)
                list(over_network(name, project.feed(ROOT, name), store, span, _NOBODY))
            yield warehouse


def only(folder: Path, detectors: Collection[str]) -> Path:
    """Copy the project's SQL with no detectors but these, by id; return its folder."""
    root = folder / "project"
    shutil.copytree(ROOT / "sql", root / "sql")
    for path in (root / "sql" / "detectors").glob("*/*.sql"):
        if f"{path.parent.name}.{path.name.partition('.')[0]}" not in detectors:
            path.unlink()
    return root


def load(warehouse: Warehouse, feed: str, tables: dict[str, pa.Table]) -> None:
    """Load made-up rows, as a source of this name would tell them."""
    batches = [(name, table) for name, table in tables.items()]
    told = Publication(feed, "made up", tuple(tables), batches, "made up")
    warehouse.store.load(told)


def frame(
    warehouse: Warehouse, view: str, span: tuple[datetime, datetime], sql: str
) -> pl.DataFrame:
    """Ask a view for a span, and the SQL of its answer."""
    found = warehouse.ask(view, *span).query("answer", sql)
    assert found is not None  # a select has rows
    return pl.DataFrame(found.to_arrow_table())
