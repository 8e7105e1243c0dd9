import csv
import io
import os
import pty
from pathlib import Path

import pytest

from tests.desks import SmallDesk, measured_desk, plant, run, start
from tests.moving_desk import made, moving_desk


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


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Make up prices, and marks that know some of what they do."""
    return moving_desk(tmp_path_factory.mktemp("moving") / "desk", made(6, 100))


SPAN = ("--since", "2022-01-01", "--until", "2022-12-01")


def test_a_named_detector_with_prices_has_a_scorecard_which_stays(moving: SmallDesk) -> None:
    ended = run(moving.root, "backtest", "prices.mark", *SPAN, "--horizon", "1 session",
                "--label", "sigma_2", "--param", "min_weight=1,3", "--cost-bps", "20",
                "--cool-down", "1h", "--train", "40", "--test", "10", "--workers", "1",
                "--format", "csv")  # fmt: skip
    kept = run(moving.root, "sql", "from backtest.scorecard order by trial", "--format", "csv")

    assert ended.code == 0, ended.err
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [(row["trial"], row["params"]) for row in rows] == [
        ("0", "{}"), ("1", '{"min_weight": 1}'), ("2", '{"min_weight": 3}'),
    ]  # fmt: skip
    again = list(csv.DictReader(io.StringIO(kept.out)))
    assert [row["precision"] for row in again] == [row["precision"] for row in rows]
    cost = float(rows[1]["mean_return_frac"]) - float(rows[1]["mean_net_frac"])
    assert cost == pytest.approx(0.002, abs=1e-8)
    said = ended.err.splitlines()
    assert [line.partition(" alerts")[0].rpartition(": ")[0] for line in said] == [
        '1 of 2: prices.mark v1 {"min_weight": 1}', '2 of 2: prices.mark v1 {"min_weight": 3}',
    ]  # fmt: skip


def test_a_dry_run_says_what_it_would_try_and_keeps_nothing(moving: SmallDesk) -> None:
    ended = run(moving.root, "backtest", "prices.mark", *SPAN, "--param", "min_weight=1,2,3",
                "--param", "scale=1,2", "--dry-run")  # fmt: skip

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("6 sets of prices.mark v1\nfrom 2022-01-01 00:00:00Z to 2022-12-")
    assert 'prices.mark v1 set 6: {"min_weight": 3, "scale": 2}\n' in ended.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--param", "min_wieght=1,2"), 1, "did you mean 'min_weight'"),
        (("--versions", "4"), 1, "prices.mark: it has no version 4; it has 1"),
        (("--versions", "one"), 2, "--versions takes numbers as 1,2, not 'one'"),
        (("--best-by", "luck"), 2, "--best-by takes one of z, precision"),
        (("--since", "2023-01-01"), 1, "span: 2023-01-01 00:00:00Z is not before 2022-12-01"),
        (("--cool-down", "soon"), 1, "--cool-down: 'soon' is no stretch of time"),
        (("--step", "3", "--test", "5"), 1, "--step: 3 days after a test of 5"),
        (("--param", "backtest.signals.n_top=1,2"), 1, "which all sets share; give it one value"),
        (("--param", "backtest.signals.n_tops=1"), 1, "did you mean 'n_top'"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    moving: SmallDesk, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = run(moving.root, "backtest", "prices.mark", *SPAN, *words)

    assert (ended.code, ended.out) == (code, "")
    assert said in " ".join(ended.err.replace("│", " ").split())
    assert "Traceback" not in ended.err


def test_without_prices_known_events_are_measured_all_the_same(tmp_path: Path) -> None:
    desk = moving_desk(tmp_path / "desk")
    plant(desk, ("big", 2, "05 15:00", "05 15:10"), detector="prices.mark")
    span = ("--since", "2024-03-01", "--until", "2024-04-01")

    ended = run(desk.root, "backtest", "prices.mark", *span, "--format", "csv")
    priced = run(desk.root, "backtest", "prices.mark", *span, "--label", "sigma_2")

    assert (ended.code, found(ended.out)) == (0, [("prices.mark", "2", "0")])
    assert ended.err.startswith("backtest.moves: no price of this span is followed by another")
    assert (priced.code, priced.out, priced.err) == (1, "", ended.err)
