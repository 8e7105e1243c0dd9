"""The sample week in a store, built once for all tests and workers; whoever uses it only reads."""

import fcntl
from functools import cache
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from leadline import demo, project
from leadline.feed import Http
from tests.doors import ROOT, opened


def sample_store(folder: Path) -> Path:
    """Return the store in a folder that workers share; the first one fills it, others wait."""
    place, whole = folder / "sample", folder / "sample.whole"
    with (folder / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            with opened(place) as store:
                for _ in demo.fill(ROOT, store):
                    pass
            whole.touch()
    return place


def pulled(feed: str) -> dict[str, pa.Table]:
    """Return what a sample feed yields, by dataset."""
    found: dict[str, list[pa.Table]] = {}
    for dataset, rows in project.feed(ROOT, feed).pull(demo.SPAN, cast(Http, None)):
        own = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist([*rows])
        found.setdefault(dataset, []).append(own)
    return {dataset: pa.concat_tables(tables) for dataset, tables in found.items()}


@cache
def rows_of(feed: str) -> dict[str, pa.Table]:
    """Return what a sample feed yields; it is made once."""
    return pulled(feed)


def events_of(feed: str) -> list[dict[str, Any]]:
    """Return a sample feed's planted events."""
    events: list[dict[str, Any]] = rows_of(feed)["events"].to_pylist()
    return events


def kurtosis(values: Any) -> float:
    """Return the fourth moment over the squared second; 3 for normal shocks."""
    apart = values - values.mean()
    return float((apart**4).mean() / (apart**2).mean() ** 2)
