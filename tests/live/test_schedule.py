"""The scheduler: once among processes, in order, whatever fails, and again after a kill."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing.synchronize import Event as Told
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from leadline.due import clock_times
from leadline.errors import FeedError
from leadline.runs import Runs
from leadline.schedule import Job, Owed
from live.schedule import Hold, Scheduler, Tally
from tests.desks import SmallDesk
from tests.forks import FORKS, PATIENCE_S, meet, together
from tests.schedules import runs_of, scheduled_desk

SEED = 20240301
MONDAY = datetime(2024, 3, 4, 23, 31, tzinfo=UTC)  # a minute after all are due
DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
Row = dict[str, Any]


def job(name: str, cron: str = "30 18 * * *", **more: Any) -> Job:
    return Job(name=name, feed=name, where="x", times=clock_times("x", cron), **more)


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    return scheduled_desk(tmp_path / "desk")


@pytest.fixture
def runs(desk: SmallDesk) -> Iterator[Runs]:
    with runs_of(desk) as runs:
        yield runs


def run(
    runs: Runs, act: Callable[[Owed, Hold], int | None], *jobs: Job, now: datetime = MONDAY
) -> Tally:
    """Run what is due at a moment, and end."""
    return scheduler(runs, act, *jobs, now=now).run(once=True)


def scheduler(
    runs: Runs, act: Callable[[Owed, Hold], int | None], *jobs: Job, now: datetime = MONDAY
) -> Scheduler:
    ticks = count()
    return Scheduler(
        jobs, dict, runs, act, lambda said: None, now=lambda: now + next(ticks) * MILLISECOND
    )


def told(runs: Runs) -> list[Row]:
    found = runs.warehouse.ask("curated.schedule_runs", BEGINNING, FOREVER)
    return list(found.order("started_at, job, attempt").to_arrow_table().to_pylist())


def outcomes(runs: Runs, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in told(runs)]


def test_what_is_due_runs_once_and_is_a_row(runs: Runs) -> None:
    ran: list[Owed] = []

    def act(owed: Owed, hold: Hold) -> int:
        (row,) = told(runs)
        assert (row["outcome"], row["ended_at"]) == ("running", None)
        ran.append(owed)
        return 7

    tally = run(runs, act, job("short"))
    again = run(runs, act, job("short"))

    assert (tally.done, again.done, len(ran)) == (1, 0, 1)
    assert outcomes(runs, "job", "outcome", "n_rows", "due_at", "attempt") == [
        ("short", "done", 7, MONDAY.replace(minute=30), 1)
    ]


def test_three_days_asleep_are_caught_up_in_order(runs: Runs) -> None:
    ran: list[Owed] = []

    def act(owed: Owed, hold: Hold) -> int:
        ran.append(owed)
        return 0

    jobs = job("early", "0 6 * * *"), job("short", again=timedelta()), job("late", "0 19 * * *")
    run(runs, act, *jobs)
    ran.clear()
    one_at_a_time = scheduler(runs, act, *jobs, now=MONDAY + 3 * DAY)
    one_at_a_time.beside = 1
    one_at_a_time.run(once=True)

    # What falls due last runs last, and each has all three days in one span.
    assert [(each.job.name, each.n_due) for each in ran] == [
        ("late", 3), ("early", 3), ("short", 3),
    ]  # fmt: skip
    assert sorted(each.due_at for each in ran) == [each.due_at for each in ran]
    spans = {each.job.name: each.span for each in ran}
    assert spans["short"] is not None
    assert spans["short"].since - MONDAY < timedelta(seconds=1)
    assert spans["short"].until - spans["short"].since > 2.9 * DAY


def test_what_fails_stops_no_other_and_only_what_is_worth_it_is_tried_again(runs: Runs) -> None:
    failing: dict[str, Exception] = {
        "away": FeedError("away: 503 after 5 tries; run this again", try_again=True),
        "bug": KeyError("traded_at"),
        "refused": FeedError("refused: 403 from there; stop"),
    }

    def act(owed: Owed, hold: Hold) -> int:
        if error := failing.get(owed.job.name):
            raise error
        return 1

    jobs = [job(name) for name in ("away", "bug", "refused", "well")]
    tally = run(runs, act, *jobs)
    at_once = run(runs, act, *jobs)
    failing.clear()
    later = run(runs, act, *jobs, now=MONDAY + timedelta(minutes=2))

    assert (tally.done, sorted(tally.failed), tally.is_worth_it) == (
        1, ["away", "bug", "refused"], True,
    )  # fmt: skip
    assert (at_once.done, at_once.failed, later.done) == (0, {}, 1)
    assert outcomes(runs, "job", "outcome", "attempt", "reason") == [
        ("away", "failed", 1, "away: 503 after 5 tries; run this again"),
        ("bug", "failed", 1, "KeyError('traded_at')"),
        ("refused", "failed", 1, "refused: 403 from there; stop"),
        ("well", "done", 1, None),
        ("away", "done", 2, None),
    ]


def test_different_jobs_run_side_by_side_and_no_more_than_so_many(runs: Runs) -> None:
    both, running = Barrier(2, timeout=PATIENCE_S), Counter[str]()

    def act(owed: Owed, hold: Hold) -> int:
        running["now"] += 1
        running["most"] = max(running["now"], running["most"])
        both.wait()
        running["now"] -= 1
        return 0

    tally = run(runs, act, *(job(name) for name in "abcd"))

    assert (tally.done, running["most"]) == (4, 2)


def test_told_to_stop_it_ends_after_the_step_and_goes_on_next_time(runs: Runs) -> None:
    steps: list[int] = []

    def act(owed: Owed, hold: Hold) -> int:
        for n in range(4):
            steps.append(n)
            if steps == [0, 1]:
                own.stop()
            hold.step()
        return 4

    own = scheduler(runs, act, job("short"))
    own.run()  # which waits for the next, until it is told
    after = run(runs, act, job("short"), now=MONDAY + timedelta(seconds=1))

    assert (steps, after.done) == ([0, 1, 0, 1, 2, 3], 1)
    assert outcomes(runs, "outcome", "attempt", "reason") == [
        ("stopped", 1, "short: it was told to stop, and what came before is in"),
        ("done", 1, None),
    ]


def test_what_takes_too_long_is_interrupted_and_tried_again(runs: Runs) -> None:
    interrupted = Event()

    def act(owed: Owed, hold: Hold) -> int:
        hold.interrupt = interrupted.set
        assert interrupted.wait(PATIENCE_S)
        raise RuntimeError("interrupted")  # as DuckDB says it

    tally = run(runs, act, job("short", timeout=timedelta(milliseconds=20)))

    assert tally.is_worth_it
    ((outcome, reason, again, ended),) = outcomes(runs, "outcome", "reason", "retry_at", "ended_at")
    assert (outcome, again - ended) == ("failed", timedelta(minutes=1))
    assert reason == "short: it took longer than its timeout of 0.02 s; what came before is in"


def test_it_ends_after_so_long_where_nothing_is_due(runs: Runs) -> None:
    run(runs, lambda owed, hold: 0, job("short"))

    later = scheduler(runs, lambda owed, hold: 0, job("short"), now=MONDAY + timedelta(seconds=1))
    tally = later.run(timedelta(milliseconds=30))

    assert tally.done == 0


def acting(root: Path, name: str, days: Sequence[int], chance: int | None = None) -> None:
    """Run what is due day by day, in a process of its own, and note each run in a file."""

    def act(owed: Owed, hold: Hold) -> int:
        with (root / "ran.txt").open("a") as file:
            file.write(f"{name} {owed.job.name} {owed.due_at:%d}\n")
        return 1

    desk = SmallDesk(root)
    with runs_of(desk) as runs:
        for n in days:
            if chance is None:
                meet()
            run(runs, act, *(job(each) for each in "abc"), now=MONDAY + n * DAY)


def ran(root: Path) -> Counter[str]:
    lines = (root / "ran.txt").read_text().splitlines()
    return Counter(line.partition(" ")[2] for line in lines)


def once_by_two(root: Path, n_days: int) -> None:
    scheduled_desk(root)
    calls = (partial(acting, root, name, range(n_days)) for name in ("first", "second"))

    assert together(*calls) == [None, None]

    dues = [f"{name} {4 + n:02}" for name in "abc" for n in range(n_days)]
    assert ran(root) == Counter(dues)


def test_two_processes_never_run_a_job_twice(tmp_path: Path) -> None:
    once_by_two(tmp_path, 3)


@pytest.mark.soak
@pytest.mark.timeout(1_200)
def test_two_processes_never_run_a_job_twice_for_weeks(tmp_path: Path) -> None:
    once_by_two(tmp_path, 28)


def hang(root: Path, is_at_it: Told) -> None:
    """Begin a run that never ends."""

    def act(owed: Owed, hold: Hold) -> int:
        is_at_it.set()
        Event().wait()
        return 0

    with runs_of(SmallDesk(root)) as runs:
        run(runs, act, job("a"))


def test_a_kill_in_mid_run_is_seen_and_the_run_repeated(desk: SmallDesk) -> None:
    is_at_it = FORKS.Event()
    process = FORKS.Process(target=hang, args=(desk.root, is_at_it))
    process.start()
    assert is_at_it.wait(PATIENCE_S)

    with runs_of(desk) as runs:
        beside = run(runs, lambda owed, hold: 1, job("a"))  # while it holds the lock
        process.kill()
        process.join()
        after = run(runs, lambda owed, hold: 1, job("a"), now=MONDAY + timedelta(seconds=1))

        assert (beside.done, after.done) == (0, 1)
        assert outcomes(runs, "outcome", "attempt", "reason") == [
            ("killed", 1, f"its process ended before it did: {told(runs)[0]['runner']}"),
            ("done", 2, None),
        ]


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(20))
def test_whenever_it_is_killed_every_due_time_is_served(tmp_path: Path, seed: int) -> None:
    chance, days = random.Random(SEED + seed), range(6)
    desk = scheduled_desk(tmp_path)
    acting(tmp_path, "before", days[:1], seed)  # what never ran owes no day before
    process = FORKS.Process(target=acting, args=(tmp_path, "killed", days[1:], seed))
    process.start()
    process.join(0.5 + 4 * chance.random())
    process.kill()
    process.join()

    acting(tmp_path, "after", days[-1:], seed)

    with runs_of(desk) as runs:
        done = [(row["job"], row["due_at"].day) for row in told(runs) if row["outcome"] == "done"]
        assert [row for row in told(runs) if row["outcome"] == "running"] == []
        served = sum(row["n_due"] for row in told(runs) if row["outcome"] == "done")
    assert sorted(set(done)) == sorted(done)  # none twice
    assert served == 3 * len(days)  # none never
