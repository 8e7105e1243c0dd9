"""Lean's files for tests: zips of members, and the rows that the loaders' own queries give."""

import zipfile
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from leadline import load, project
from leadline.clock import Span
from leadline.feed import Relation
from tests.doors import ROOT, one_core
from tests.stores import contracts, real_sessions

MESSAGES = Path(__file__).parent / "loaders" / "messages"
SPAN = Span(datetime(2013, 6, 20, tzinfo=UTC), datetime(2014, 12, 31, tzinfo=UTC))


def zipped(path: Path, members: Mapping[str, str]) -> Path:
    """Write a zip of members, each a name without its ending and its text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return path


def placed(folder: Path, message: str, *replaced: tuple[str, str], name: str = "") -> Path:
    """Copy a recorded message into a folder, whose name says its ticker, with other words in it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (MESSAGES / message).read_text()
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    path = folder / (name or message)
    path.write_text(text)
    return path


@cache
def _knowing(span: Span) -> duckdb.DuckDBPyConnection:
    """Open a database that holds every dataset's own columns and checks, and real sessions."""
    con = one_core().connect(one_core().attach())
    for contract in contracts().values():
        con.execute(contract.path.read_text())
    con.register("real", pa.Table.from_pylist(list(map(dict, real_sessions(span)))))
    con.execute("insert into sessions by name select * exclude (known_at) from real")
    return con


def told(feed: str, *paths: Path, span: Span = SPAN) -> dict[str, pa.Table]:
    """Return the rows of each dataset as a feed's queries give them; each must keep its contract.

    That is what a load asks too, without a store and its commits.
    """
    con, module = _knowing(span), project.feed(ROOT, feed)
    found: dict[str, list[pa.Table]] = defaultdict(list)
    for dataset, relation in module.read(load.plan(feed, module, paths).files):
        assert isinstance(relation, Relation)
        con.execute(f"create temp table said as {relation.open(con, 'unread')}")
        con.execute(f"insert into {dataset} by name select * exclude (known_at) from said")
        assert con.execute("select * from unread").fetchall() == []
        found[dataset].append(con.sql("from said").to_arrow_table())
        con.execute(f"delete from {dataset}; drop table said")
        con.execute("drop table unread; drop table unread_scan")
        relation.file.close()
    return {dataset: pa.concat_tables(tables) for dataset, tables in found.items()}


def rows(feed: str, *paths: Path) -> list[dict[str, Any]]:
    """Return the rows of all datasets, as a small file's queries give them."""
    return [row for table in told(feed, *paths).values() for row in table.to_pylist()]
