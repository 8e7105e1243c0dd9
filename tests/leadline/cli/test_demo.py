"""leadline demo fills a folder of its own, says so, and leaves the user's store alone."""

import json
import shutil
import signal
from pathlib import Path

import httpx
import pytest

from tests.desks import HIGH, SmallDesk, run, small_desk, start, telling_desk
from tests.doors import ROOT


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project whose only feeds are the calendars and one sample."""
    desk = small_desk(tmp_path / "desk")
    shutil.copytree(ROOT / "sql" / "tables", desk.root / "sql" / "tables", dirs_exist_ok=True)
    for name in ("sessions", "_sample", "sample_insiders"):
        shutil.copy(ROOT / "loaders" / f"{name}.py", desk.write(f"loaders/{name}.py", ""))
    return desk


def test_it_fills_a_folder_beside_the_store_and_says_what_it_did(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    ended = run(desk.root, "demo", "--no-serve")

    told = ended.err.splitlines()
    assert (ended.code, ended.out) == (0, "")
    assert [line.split(":")[0] for line in told[:2]] == ["sessions", "sample_insiders"]
    assert told[2].startswith(
        f"{desk.root}/demo: holds the sample week of 2024-02-12 to 2024-02-16"
    )
    count = run(
        desk.root, "--store", desk.root / "demo", "sql",
        "select count(*) > 0 from raw.insider_transactions", "--format", "csv",
    )  # fmt: skip
    assert count.out.splitlines()[1] == "true"


def test_run_again_it_adds_nothing(desk: SmallDesk) -> None:
    run(desk.root, "demo", "--no-serve")

    ended = run(desk.root, "demo", "--no-serve")

    assert ended.code == 0
    assert ended.err.splitlines()[1] == "sample_insiders: added 0 rows"
    assert "it was all there" in ended.err


def test_it_never_mixes_with_other_loads(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    ended = run(desk.root, "demo", "--no-serve", "--into", desk.root / "store")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"{desk.root}/store: it holds loads of test, and the demo mixes with no other; "
        "name a folder of its own with --into\n"
    )


_PRINTS = """
from datetime import UTC, datetime, timedelta

from leadline.feed import Feed

FEED = Feed(writes=("prints",), step=0)


def pull(span, http):
    at = datetime(2024, 2, 16, 15, tzinfo=UTC)
    moments = {"before": at - timedelta(hours=1), "live": at + timedelta(seconds=1)}
    rows = [{"print_id": key, "price": 500, "known_at": when} for key, when in moments.items()]
    yield "prints", rows
"""


def test_it_replays_the_half_hour_and_serves_what_fires_in_it(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    shutil.copy(ROOT / "loaders" / "sessions.py", desk.write("loaders/sessions.py", ""))
    desk.write("loaders/sample_prints.py", _PRINTS)

    process = start(desk.root, "demo", "--port", "0", "--speed", "60")
    try:
        assert process.stderr is not None
        told = []
        while not (line := process.stderr.readline()).startswith("http"):
            told.append(line)
        address = f"{line.split()[0]}/api/raw.alerts?format=jsonl"
        found: list[str] = []
        while len(found) < 2:  # a minute of the half hour is over in a second
            found = httpx.get(address).text.splitlines()
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
        process.communicate()

    assert told[-1] == "1 alerts are new up to 2024-02-16 15:00:00Z\n"
    keys = [json.loads(line)["alert_key"] for line in found]
    assert sorted(keys) == ["prices.high|before", "prices.high|live"]
    assert code == 130


def test_it_explains_a_first_alert_which_can_be_read_at_once(tmp_path: Path) -> None:
    desk = telling_desk(tmp_path / "desk")
    shutil.copy(ROOT / "loaders" / "sessions.py", desk.write("loaders/sessions.py", ""))
    desk.write("loaders/sample_prints.py", _PRINTS)
    desk.write("sql/detectors/options/golden_sweep.v1.sql", HIGH)

    told = run(desk.root, "demo", "--no-serve").err.splitlines()
    again = run(desk.root, "demo", "--no-serve").err

    (first,) = [n for n, line in enumerate(told) if line.startswith("first alert: ")]
    assert told[first] == "first alert: print before"
    assert told[first + 1] == "  options.golden_sweep: A print above a price."
    assert told[first + 2].endswith("score 50 of 100, confidence 1.00, because: price 500")
    words = told[first + 3].removeprefix("  read it: leadline ").split()
    assert "print before" in run(desk.root, *words).out
    assert "first alert" not in again
