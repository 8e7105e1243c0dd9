from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from leadline.clock import Span
from leadline.due import clock_times
from leadline.errors import StoreError
from leadline.runs import Runs
from leadline.schedule import Job, Owed, Past, owed
from tests.desks import SmallDesk, small_desk
from tests.doors import ROOT
from tests.schedules import FILES, runs_of, scheduled_desk
from tests.stores import calendar

DUE = datetime(2024, 3, 4, 23, 30, tzinfo=UTC)
BEGAN, ENDED = DUE + timedelta(seconds=1), DUE + timedelta(seconds=9)
JOB = Job(name="short", feed="short", where="x", times=clock_times("x", "30 18 * * *"))
SPAN = Span(DUE - timedelta(days=1), BEGAN)


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    return scheduled_desk(tmp_path)


@pytest.fixture
def runs(desk: SmallDesk) -> Iterator[Runs]:
    with runs_of(desk) as runs:
        yield runs


def test_a_run_is_a_row_from_its_begin_on_and_says_how_it_ended(runs: Runs) -> None:
    began = runs.began(Owed(JOB, DUE, 3, 1, SPAN), BEGAN)
    running = runs.rows()["short"]
    runs.ended(began, "done", ENDED, n_rows=7)
    done = runs.rows()["short"]

    assert (running["outcome"], running["ended_at"], running["n_due"]) == ("running", None, 3)
    assert (done["outcome"], done["n_rows"], done["lag_ms"]) == ("done", 7, 9_000)
    assert runs.past() == {
        "short": Past(DUE, BEGAN, "done", 1, None, BEGAN, done_due_at=DUE, loaded_until=BEGAN)
    }


def test_a_failure_keeps_the_watermark_and_says_when_it_is_tried_again(runs: Runs) -> None:
    runs.ended(runs.began(Owed(JOB, DUE, 1, 1, SPAN), BEGAN), "done", ENDED, n_rows=7)
    later = DUE + timedelta(days=1)
    next_run = owed(JOB, runs.past()["short"], later, {})
    assert next_run is not None

    began = runs.began(next_run, later)
    runs.ended(began, "failed", later, reason="short: 503", retry_at=later + timedelta(minutes=1))

    past = runs.past()["short"]
    assert (past.due_at, past.done_due_at, past.loaded_until) == (later, DUE, BEGAN)
    assert past.retry_at == later + timedelta(minutes=1)


def test_what_was_killed_is_said_of_its_row(desk: SmallDesk, runs: Runs) -> None:
    runs.began(Owed(JOB, DUE, 1, 1, SPAN), BEGAN)

    with runs_of(desk) as other:
        other.killed("short", ENDED)
        row = other.rows()["short"]

    assert (row["outcome"], row["ended_at"]) == ("killed", ENDED)
    assert row["reason"] == f"its process ended before it did: {runs.runner}"


def test_calendars_are_those_that_stand(desk: SmallDesk, runs: Runs) -> None:
    known = runs.calendars({"XNYS"})["XNYS"]
    desk.load("sessions", calendar(date(2024, 3, 1), date(2024, 3, 1)), feed="calendars")

    assert date.today().weekday() > 4 or known.has(date.today())
    assert runs.calendars({"XNYS"})["XNYS"].days == (date(2024, 3, 1),)  # the others are gone
    assert runs.calendars(()) == {}


def test_a_store_without_sessions_says_how_to_load_them(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    for path in FILES:
        desk.write(path, (ROOT / path).read_text())

    with runs_of(desk) as runs, pytest.raises(StoreError, match="run leadline load sessions"):
        runs.calendars({"XNYS"})


def test_a_project_without_the_dataset_is_told_to_bring_it_back(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)

    with (
        desk.warehouse() as house,
        desk.store() as store,
        pytest.raises(StoreError, match="the scheduler writes it; bring it back"),
    ):
        Runs(house, store)
