from pathlib import Path

import pytest

from tests.desks import SmallDesk, run, small_desk, start


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    desk = small_desk(tmp_path / "desk")
    desk.prints(("a", 500, "05 15:00"), ("b", 50, "05 15:01"))
    return desk


def test_live_once_prints_each_alert_and_appends_it(desk: SmallDesk) -> None:
    first, second = run(desk.root, "live", "--once"), run(desk.root, "live", "--once")

    assert (first.code, first.err) == (0, "")
    assert first.out == "2024-03-05 15:00:00Z medium prices.high T: print a\n"
    assert (second.code, second.out) == (0, "")
    counted = run(desk.root, "sql", "select count(*) as n from raw.alerts", "--format", "csv")
    assert counted.out.splitlines()[1] == "1"


def test_live_ends_when_its_time_is_up_and_at_ctrl_c(desk: SmallDesk) -> None:
    ended = run(desk.root, "live", "--for", "1s", "--every", "1s")
    process = start(desk.root, "live")
    assert process.stderr is not None
    said = process.stderr.readline()
    process.send_signal(2)

    assert ended.code == 0
    assert said == "live: 1 detectors, every 5s\n"
    assert process.wait(30) == 130
    process.communicate()


def test_a_stretch_that_is_none_is_told(desk: SmallDesk) -> None:
    ended = run(desk.root, "live", "--every", "often")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "--every: 'often' is no stretch of time; write 60s, 5m or 2h\n"
