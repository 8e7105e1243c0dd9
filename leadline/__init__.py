"""Follow the smart money with SQL: the engine that a project's loaders and views run on."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

__all__ = ["connect"]


def connect(
    project: str | Path | None = None,
    store: str | Path | None = None,
    since: str | date | None = None,
    until: str | date | None = None,
    as_of: str | date | None = None,
    pins: Mapping[str, int] | None = None,
    params: Mapping[str, Mapping[str, Any]] | None = None,
) -> "duckdb.DuckDBPyConnection":
    """Return a DuckDB connection on which every view of a store stands, for notebooks.

    >>> con = leadline.connect(since="2024-02-12", until="2024-02-17")
    >>> con.sql("from detectors.all_live order by score desc").df()

    Views answer for the span (since is in, until is out; else all of time up to now) as they do
    in `leadline sql`. Moments are UTC: text, dates or datetimes. `as_of` is what the store knew
    then and, where until is not given, the end. `pins` are versions by view, `params` other
    parameters by view. `project` and `store` are folders; else those of the command line.

    What it sees stays as it is: to see what has been loaded since, and at the latest a day later,
    when compacted files are deleted, connect again. It is a DuckDB in memory like any other: make
    tables of your own; the store is only read. A thread takes a cursor of its own, `con.cursor()`.
    What can't be opened is a LeadlineError, which says why and what to do, in one sentence.
    """
    from leadline import notebook  # DuckDB and all the rest, which few that import this need

    return notebook.connect(project, store, since, until, as_of, pins, params)
