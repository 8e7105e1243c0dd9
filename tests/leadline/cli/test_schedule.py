import os
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from leadline.cli import app
from leadline.clock import Span, days
from leadline.due import clock_times
from leadline.schedule import Job, Owed
from tests.desks import Ended, SmallDesk, run
from tests.doors import ROOT
from tests.schedules import FEED, Shorts, runs_of, scheduled_desk
from tests.sites import Answer, Asked, answering

NOW = datetime.now(UTC)
PLAIN = """
from leadline.feed import Feed

FEED = Feed(writes=("short_volume",))


def pull(span, http):
    yield from ()
"""
HOURLY = f'[schedule.{FEED}]\ncron = "0 * * * *"\nagain = "0s"'


@pytest.fixture
def site() -> Iterator[Shorts]:
    with answering(Shorts()) as site:
        yield site


@pytest.fixture
def desk(tmp_path: Path, site: Shorts) -> SmallDesk:
    return scheduled_desk(tmp_path, site.url, HOURLY)


def slept(desk: SmallDesk, since: datetime) -> None:
    """Write that the feed was loaded up to a moment."""
    times = clock_times("x", "0 * * * *")
    job = Job(name=FEED, feed=FEED, where="x", times=times)
    due = times.last(since, {})
    assert due is not None
    with runs_of(desk) as runs:
        began = runs.began(Owed(job, due, 1, 1, Span(since - timedelta(hours=1), since)), since)
        runs.ended(began, "done", since, n_rows=0)


def listed(desk: SmallDesk) -> list[list[str]]:
    lines = run(desk.root, "schedule", "list").out.splitlines()
    return [line.split("  ") for line in lines]


def rows(desk: SmallDesk) -> list[str]:
    query = "select outcome, attempt, n_rows from curated.schedule_runs order by started_at"
    return run(desk.root, "sql", query, "--format", "csv").out.replace('"', "").splitlines()[1:]


def test_what_is_due_is_loaded_by_the_feeds_own_pull_and_only_once(
    desk: SmallDesk, site: Shorts
) -> None:
    first = run(desk.root, "load", "--due")
    n_asked = len(site.names)
    again = run(desk.root, "load", FEED, "--due")

    assert (first.code, again.code, len(site.names)) == (0, 0, n_asked)
    assert first.err.splitlines()[-1] == "schedule: 1 runs done"
    assert again.err.splitlines() == ["schedule: nothing is due"]
    # It loads from the due time before the newest one on: of one day, or at midnight of two.
    assert set(site.days) <= {f"{NOW - n * timedelta(days=1):%Y%m%d}" for n in range(-1, 3)}


def test_days_asleep_are_loaded_in_order(desk: SmallDesk, site: Shorts) -> None:
    since = NOW - timedelta(days=2)  # of three days one is no weekend
    slept(desk, since)

    ended = run(desk.root, "schedule", "run", "--once")

    asked = [f"{day:%Y%m%d}" for day in days(Span(since, datetime.now(UTC)))]
    assert ended.code == 0
    assert site.days == asked
    assert " that were missed, from " in ended.err.splitlines()[0]
    # Today's rows are known in the evening, whenever this runs.
    words = ("--until", f"{NOW + timedelta(days=2):%Y-%m-%d}", "--format", "csv")
    loaded = run(desk.root, "sql", "select count(*) from raw.short_volume", *words)
    n_weekdays = sum(datetime.strptime(day, "%Y%m%d").weekday() < 5 for day in asked)
    assert loaded.out.splitlines()[1] == str(2 * 6 * n_weekdays)
    assert rows(desk)[-1] == f"done,1,{2 * 6 * n_weekdays}"


@pytest.mark.usefixtures("in_haste")
def test_a_source_that_is_away_is_worth_trying_again(desk: SmallDesk, site: Shorts) -> None:
    site.failing = 100

    ended = run(desk.root, "load", "--due")

    assert ended.code == 3
    assert ended.err.splitlines()[-1] == (
        f"schedule: 1 of 1 runs were not done: {FEED}; leadline schedule list says why"
    )
    assert "; it is tried again at " in ended.err
    assert listed(desk)[1][0] == FEED
    assert "503" in run(desk.root, "schedule", "list").out


def test_an_upkeep_runs_as_its_command(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[schedule.compact]\ncron = "*/5 * * * *"')

    ended = run(desk.root, "schedule", "run", "--once")
    feeds_only = run(desk.root, "load", "--due")

    assert ended.code == 0
    assert "files of" in ended.err
    assert feeds_only.err == "schedule: nothing is due\n"
    assert rows(desk) == ["done,1,"]


def test_an_export_is_written_when_it_is_due_and_only_once(desk: SmallDesk) -> None:
    desk.write(
        "leadline.toml",
        '[exports.jobs]\nsql = "select job, outcome from curated.schedule_runs"\n'
        'to = "jobs-{date}.csv"\ncron = "*/5 * * * *"\n',
    )

    feeds_only = run(desk.root, "load", "--due")
    ended = run(desk.root, "schedule", "run", "--once")
    again = run(desk.root, "schedule", "run", "--once")

    (path,) = desk.root.glob("jobs-*.csv")
    assert (ended.code, feeds_only.err) == (0, "schedule: nothing is due\n")
    assert f"jobs: 0 rows up to {ended.err.partition('due ')[2][:20]}" in ended.err
    assert again.err in ("schedule: nothing is due\n", "schedule: 1 runs done\n")
    assert path.read_text().startswith('"job","outcome"')
    query = "select job, outcome, feed, n_rows from ops.runs"
    told = run(desk.root, "sql", query, "--format", "csv").out.splitlines()
    assert told[1].startswith('"exports.jobs","done",,')
    assert listed(desk)[1][0] == "exports.jobs"


def test_sigterm_lets_the_run_end_after_its_step(tmp_path: Path) -> None:
    class Ending(Shorts):
        def answer(self, asked: Asked) -> Answer:
            if len(self.asked) == 8:  # in the second day
                os.kill(os.getpid(), signal.SIGTERM)
            return super().answer(asked)

    with answering(Ending()) as site:
        desk = scheduled_desk(tmp_path, site.url, HOURLY)
        monday = NOW - timedelta(days=14 + NOW.weekday())
        slept(desk, monday)
        before = signal.getsignal(signal.SIGTERM)

        ended = run(desk.root, "schedule", "run")

    assert ended.code == 0
    assert len(site.days) < 14
    assert rows(desk)[-1].startswith("stopped,1,")
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_list_says_what_is_next_and_what_it_is_behind(desk: SmallDesk) -> None:
    slept(desk, datetime.now(UTC) - timedelta(days=3))

    head, line = run(desk.root, "schedule", "list").out.splitlines()

    assert head.split() == ["job", "next", "next", "in", "UTC", "last", "run", "outcome",
                            "behind", "reason"]  # fmt: skip
    cells = [cell.strip() for cell in line.split("  ") if cell.strip()]
    assert cells[0] == FEED
    assert cells[1].endswith(("EST", "EDT"))
    assert cells[2].endswith(":00:00Z")
    assert (cells[4], cells[5][:4]) == ("done", "2d 2")


def test_the_list_of_nothing_says_how_to_begin(tmp_path: Path) -> None:
    desk = scheduled_desk(tmp_path)

    ended = run(desk.root, "schedule", "list")
    refused = run(desk.root, "schedule", "run")

    assert (ended.code, ended.out, refused.code) == (0, "", 1)
    assert "as [schedule.sec_13f], or load one once" in ended.err


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            f'[schedule.{FEED}]\ncron = "0 0 31 2 *"',
            f"leadline.toml: [schedule.{FEED}] cron '0 0 31 2 *' never fires; "
            f"no such day is in any year, write another",
        ),
        (
            "[schedule.finra_shrt_volume]",
            "leadline.toml: schedule has 'finra_shrt_volume', which is no feed or upkeep; "
            "did you mean 'finra_short_volume'",
        ),
        (
            f'[schedule.{FEED}]\ncron = "0 9 * * 6"\nsessions = "XNYS"',
            f"leadline.toml: [schedule.{FEED}] cron '0 9 * * 6' never fires on a session of XNYS; "
            f"write other days, or leave sessions out",
        ),
    ],
)
def test_what_is_written_wrong_is_one_sentence_and_nothing_runs(
    desk: SmallDesk, site: Shorts, written: str, said: str
) -> None:
    desk.write("leadline.toml", written)

    ended = run(desk.root, "load", "--due")

    assert (ended.code, ended.err, site.asked) == (1, f"{said}\n", [])


@pytest.mark.parametrize(
    "words",
    [
        ["load"],
        ["load", FEED, "--due", "--since", "2024-03-01"],
        ["schedule", "run", "--once", "--for", "60s"],
    ],
)
def test_half_a_plan_is_wrong_usage(desk: SmallDesk, words: list[str]) -> None:
    assert run(desk.root, *words).code == 2


def test_a_feed_without_a_schedule_can_not_be_due(desk: SmallDesk) -> None:
    desk.write("leadline.toml", "")
    desk.write("loaders/plain_feed.py", PLAIN)

    ended: Ended = run(desk.root, "load", "plain_feed", "--due")

    assert ended.err == (
        "plain_feed: it has no schedule; write [schedule.plain_feed] in leadline.toml\n"
    )


def test_the_cron_line_of_the_docs_starts_a_command_that_there_is() -> None:
    page = (ROOT / "docs" / "operating.md").read_text().partition("## Schedules")[2]
    (line,) = re.findall(r"```cron\n(.*?)```", page.partition("\n## ")[0], re.DOTALL)
    words = line.strip().partition("/leadline ")[2].split()
    command: Any = typer.main.get_command(app)

    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]

    assert not hasattr(command, "commands")
    assert set(words) <= {option for param in command.params for option in param.opts}
