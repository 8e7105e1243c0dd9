"""The generated year: its rows keep their contracts, its days are whole, its answers are equal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from benchmarks.asked.questions import QUESTIONS
from benchmarks.figures import ROOT
from benchmarks.year.__main__ import ground, made, make, sessions
from benchmarks.year.place import Rows, has, put
from benchmarks.year.world import FEED, World
from benchmarks.year_questions import differ, setting
from leadline.clock import Span
from leadline.publication import Publication
from leadline.store import Store
from tests.stores import knowing_sessions

ROWS = 250_000  # of the whole year, a thousand a session
FILED = date(2024, 2, 14)  # the deadline of a quarter
ASKED = next(each for each in QUESTIONS if each.name == "premium by underlying, as it stands")
SPAN = Span(datetime(2023, 12, 20, tzinfo=UTC), datetime(2025, 1, 10, tzinfo=UTC))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Make three sessions of a small year."""
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("year") / "store") as store:
        make(store, ROWS, 3)
        yield store


def plain(rows: Rows) -> pa.Table:
    """Return made rows as a loader would yield them."""
    table = rows if isinstance(rows, pa.Table) else rows.read_all()
    return pa.table(
        {
            name: column.cast(column.type.value_type)
            if pa.types.is_dictionary(column.type)
            else column
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )


def content(store: Store) -> dict[str, Any]:
    """Return of each dataset its rows and a digest of all that was made."""
    found = {}
    for name, table in store.tables.items():
        table.refresh()
        if table.files() and name not in ("loads", "sessions"):
            columns = ", ".join(table.contract.names)
            found[name] = store.con.execute(
                f"select count(*), sum(hash({columns})) from read_parquet({table.paths()})"
            ).fetchall()
    return found


def test_made_rows_keep_their_contracts(tmp_path: Path) -> None:
    world = World(ROWS)
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        session = next(each for each in sessions(store) if each.day == FILED)
        days = {"ground": ground(world), f"{FILED}": made(world, FILED, session)}

        loaded = []
        for name, tables in days.items():
            rows = [(dataset, plain(own)) for dataset, own in tables]
            writes = [dataset for dataset, _ in rows]
            loaded.append(store.load(Publication(FEED, name, writes, rows, "a test")))

        assert [each.n_rejected for each in loaded] == [0, 0]
        assert loaded[1].n_rows > 5_000
        assert store.tables["holdings"].files()


def test_a_year_that_was_broken_off_goes_on_to_be_the_same(year: Store, tmp_path: Path) -> None:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        make(store, ROWS, 1)
        session = sessions(store)[1]
        tables = dict(made(World(ROWS), session.day, session))
        tables["crypto_trades"] = pa.table({"venue": ["sample"], "known_at": ["no moment"]})

        with pytest.raises(duckdb.Error, match="no moment"):
            put(store, f"{session.day}", "broken", tables)
        is_there = has(store, f"{session.day}")
        make(store, ROWS, 3)

        assert not is_there
        assert content(store) == content(year)


def test_files_lie_as_compaction_leaves_them(year: Store) -> None:
    unsorted = []
    for name in ("option_trades", "equity_trades", "book_tops", "open_interest", "option_chains"):
        table = year.tables[name]
        key = ", ".join(table.contract.key)
        for path in table.paths():
            ((is_sorted,),) = year.con.execute(
                f"select bool_and(place = nth) from (select file_row_number as place, row_number() "
                f"over (order by {key}) - 1 as nth from read_parquet('{path}', "
                f"file_row_number = true))"
            ).fetchall()
            unsorted += [] if is_sorted else [path]

    assert unsorted == []


def test_engines_answer_alike(year: Store, tmp_path: Path) -> None:
    told, where = setting(year, World(ROWS), 3), tmp_path / "setting.json"
    where.write_text(json.dumps(vars(told), default=str))
    number, answers = QUESTIONS.index(ASKED), {}
    for engine in ASKED.engines():
        answers[engine] = tmp_path / engine
        own = (engine, str(number), str(year.place), str(where), str(answers[engine]))
        done = subprocess.run(
            (sys.executable, "-m", "benchmarks.asked.work", *own),
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    differing = {engine: differ(answers["ours"], path) for engine, path in answers.items()}

    assert differing == dict.fromkeys(("ours", "polars", "chdb", "pandas"), "")
