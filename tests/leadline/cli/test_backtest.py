import csv
import io
import os
import pty
from pathlib import Path

import pytest

from tests.desks import SmallDesk, measured_desk, plant, run, start


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Plant an event that is found and one that is not."""
    desk = measured_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.prints(("a", 150, "05 15:01"), ("b", 90, "06 15:01"))
    plant(desk, ("big", 2, "05 15:00", "05 15:10"), ("small", 0.9, "06 15:00", "06 15:10"))
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def found(text: str) -> list[tuple[str, ...]]:
    rows = csv.DictReader(io.StringIO(text))
    return [(row["detector"], row["size"], row["n_found"]) for row in rows]


def test_rows_are_data_in_any_form(desk: SmallDesk, tmp_path: Path) -> None:
    ended = run(desk.root, "backtest", "--format", "csv")
    written = run(desk.root, "backtest", "prices.high", "-o", tmp_path / "curve.csv",
                  "--format", "csv")  # fmt: skip

    assert (ended.code, ended.err) == (0, "")
    assert found(ended.out) == [("prices.high", "0.9", "0"), ("prices.high", "2", "1")]
    assert (written.code, (tmp_path / "curve.csv").read_text()) == (0, ended.out)
    assert "█" not in ended.out


def test_a_parameter_is_replaced_for_this_run(desk: SmallDesk) -> None:
    ended = run(desk.root, "backtest", "--format", "csv", "--param", "min_price=80")

    assert found(ended.out) == [("prices.high", "0.9", "1"), ("prices.high", "2", "1")]


def test_a_span_leaves_the_rest_out(desk: SmallDesk) -> None:
    ended = run(desk.root, "backtest", "--format", "csv", "--since", "2024-03-06",
                "--until", "2024-03-07")  # fmt: skip

    assert found(ended.out) == [("prices.high", "0.9", "0")]


def test_a_detector_with_events_that_is_not_live_is_named_beside_the_rows(desk: SmallDesk) -> None:
    plant(desk, ("x", 1, "05 15:00", "05 15:10"), detector="prices.top")

    ended = run(desk.root, "backtest", "--format", "csv")

    assert found(ended.out) == [("prices.high", "0.9", "0"), ("prices.high", "2", "1")]
    assert ended.err == "prices.top: it has events and is not live, so nothing measures it\n"


def test_a_terminal_shows_bars(desk: SmallDesk) -> None:
    ours, theirs = pty.openpty()
    process = start(desk.root, "backtest", stdout=theirs)
    os.close(theirs)
    _, err = process.communicate(timeout=60)

    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # a terminal without a writer ends so
        pass
    os.close(ours)

    assert (process.returncode, err) == (0, "")
    assert "█████" in shown.decode()


def test_without_events_it_is_one_sentence(tmp_path: Path) -> None:
    desk = measured_desk(tmp_path)

    ended = run(desk.root, "backtest")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "raw.events: no event begins and ends in this span; load a feed that writes events, "
        "or widen --since and --until\n"
    )


def test_an_unknown_format_is_wrong_usage(desk: SmallDesk) -> None:
    assert run(desk.root, "backtest", "--format", "pdf").code == 2
