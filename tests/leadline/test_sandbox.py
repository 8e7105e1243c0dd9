"""Foreign SQL is answered in a process of its own, which knows no secret and can be ended."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from leadline.clock import BEGINNING
from leadline.errors import LateError, QueryError, StoreError
from leadline.sandbox import BusyError, Question, Sandbox
from leadline.serving import Limits
from tests.desks import SmallDesk, at, small_desk

LIMITS = Limits(timedelta(seconds=20), 1_000, "256MB", 1, 1)
# Constants are computed before anything can be interrupted.
DEAF = "select levenshtein(repeat('a', 300_000), repeat('b', 300_000))"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("sandbox") / "desk")
    desk.prints(("a", 10, "05 14:59"), ("b", 200, "05 15:00"))
    return desk


@pytest.fixture(scope="module")
def sandbox(desk: SmallDesk) -> Iterator[Sandbox]:
    environment = {**os.environ, "LEADLINE_PASSWORD": "hunter2hunter2"}
    made = Sandbox(desk.root, desk.root / "store", {}, LIMITS, environment)
    with closing(made):
        yield made


def question(sql: str, limit_s: float = 20, max_rows: int = 1_000) -> Question:
    return Question(sql, BEGINNING, at("05 15:30"), limit_s, max_rows)


def rows(sandbox: Sandbox, asked: Question) -> list[dict[str, Any]]:
    running = sandbox.take(asked)
    try:
        return list(running.open().read_all().to_pylist())
    finally:
        running.end()


def cells() -> list[psutil.Process]:
    mine = psutil.Process().children()
    return [each for each in mine if "leadline.cell" in each.cmdline()]


def test_it_answers_over_the_views_and_one_process_serves_many(sandbox: Sandbox) -> None:
    found = [rows(sandbox, question("select count(*) as n from raw.prints")) for _ in range(2)]
    before = [each.pid for each in cells()]
    empty = rows(sandbox, question("select 'é' as e where false"))

    assert found == [[{"n": 2}]] * 2
    assert empty == []
    assert [each.pid for each in cells()] == before


def test_the_process_knows_no_secret_and_lets_others_go_first(sandbox: Sandbox) -> None:
    rows(sandbox, question("select 1"))
    (cell,) = cells()

    assert "hunter2" not in str(cell.environ())
    assert not any(name.startswith("LEADLINE_") for name in cell.environ())
    assert cell.nice() >= 10
    assert cell.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert cell.rlimit(psutil.RLIMIT_AS)[0] < 4e9


def test_what_hears_of_no_interrupt_is_ended_and_replaced(sandbox: Sandbox) -> None:
    rows(sandbox, question("select 1"))
    (cell,) = cells()
    folder = Path(cell.cwd())
    with pytest.raises(LateError) as told:
        rows(sandbox, question(DEAF, limit_s=0.2))
    after = rows(sandbox, question("select 1 as one"))

    assert str(told.value) == "query: stopped after 0.2 s; ask for less"
    assert not cell.is_running()
    assert not folder.exists()
    assert after == [{"one": 1}]


def test_a_process_that_dies_is_told_and_replaced(sandbox: Sandbox) -> None:
    running = sandbox.take(question("select repeat('x', 100_000) as x from range(1_000)"))
    reader = running.open()
    (cell,) = cells()
    cell.kill()
    with pytest.raises(QueryError) as told:
        reader.read_all()
    running.end()
    rows(sandbox, question("select 1"))
    (idle,) = cells()
    idle.kill()
    psutil.wait_procs([idle])

    assert str(told.value) == (
        "query: the process that answered it has ended; it takes too much, ask for less"
    )
    assert rows(sandbox, question("select 1 as one")) == [{"one": 1}]


def test_there_are_only_so_many_at_once(sandbox: Sandbox) -> None:
    running = sandbox.take(question("select 1"))
    with pytest.raises(BusyError) as told:
        sandbox.take(question("select 1"))
    running.end()
    running.end()

    assert str(told.value) == "sql: 1 question is being answered; wait for one, or cancel one"
    assert rows(sandbox, question("select 1 as one")) == [{"one": 1}]


def test_errors_come_back_as_what_they_are(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"^query:1: there is no view 'raw.print'; did you mean"):
        rows(sandbox, question("from raw.print"))
    with pytest.raises(QueryError, match=r"^query: 3 rows are the most; ask for less"):
        rows(sandbox, question("from range(4)", max_rows=3))
    with (
        closing(Sandbox(tmp_path, tmp_path / "store", {}, LIMITS)) as none,
        pytest.raises(StoreError, match="the store needs it; bring it back"),
    ):
        rows(none, question("select 1"))


def test_who_wants_to_know_is_told_what_it_took(sandbox: Sandbox) -> None:
    running = sandbox.take(replace(question("from raw.prints"), is_measured=True))
    n_rows = running.open().read_all().num_rows
    running.end()

    assert running.measure is not None
    assert running.measure["rows_scanned"] >= n_rows > 0
    assert ".parquet" not in str(running.measure)


def test_one_that_is_not_ready_starts_when_it_is_needed(desk: SmallDesk) -> None:
    place = desk.root / "store"
    with closing(Sandbox(desk.root, place, {}, Limits(), is_ready=False)) as later:
        assert later._idle == []
        later.warm()
        later.warm()
        assert len(later._idle) == 1
