"""Whole runs over made-up prices, of a detector whose skill is known."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadline import clock
from leadline.backtests import grid, run
from leadline.backtests.folds import Walk
from leadline.backtests.run import Done, Plan
from leadline.clock import Span
from leadline.errors import QueryError
from tests.desks import SmallDesk
from tests.moving_desk import Made, closed, made, moving_desk

SPAN = Span(clock.moment("2022-01-01"), clock.moment("2024-01-01"))
WALK = Walk(train=80, test=20, step=20)
FOUR = {"min_weight": ["1", "2", "3", "4"]}


@pytest.fixture(scope="module")
def given() -> Made:
    return made()


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory, given: Made) -> SmallDesk:
    """Lay out the project with its rows; whoever runs copies it."""
    return moving_desk(tmp_path_factory.mktemp("moving") / "desk", given)


@pytest.fixture(scope="module")
def ran(laid: SmallDesk, tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Run a grid of four sets once, for tests that only look."""
    desk = laid.copy(tmp_path_factory.mktemp("ran") / "desk")
    measure(desk, FOUR)
    return desk


def measure(
    desk: SmallDesk,
    lists: dict[str, list[str]],
    hear: Callable[[Done], None] = lambda done: None,
    **plan: Any,
) -> list[str]:
    """Run a backtest; return what was said beside it."""
    said: list[str] = []
    own = {"span": SPAN, "horizons": ("1 session",), "labels": ("sigma_2",), "walk": WALK, **plan}
    with desk.warehouse() as house, desk.store() as store:
        views = grid.versions(house.catalog, "prices.mark")
        trials = grid.trials(house.catalog, views, lists, {})
        run.measure(
            house, store, {}, Plan(**own), trials, lists, hear=hear, say=said.append, stops=[]
        )
    return said


def rows(desk: SmallDesk, view: str, order: str = "all") -> list[dict[str, Any]]:
    with desk.warehouse() as house:
        found = house.ask(view, clock.BEGINNING, clock.FOREVER)
        return list(found.order(order).to_arrow_table().to_pylist())


def told(given: Made, least: int) -> dict[str, float]:
    """Count what a set should say, straight from what was made up."""
    steps, weights = given.steps[:, :-1], given.weights[:, :-1]
    is_move, is_signal = np.abs(steps) > 0.02, weights >= least
    return {
        "n": steps.size, "n_moves": is_move.sum(), "n_signals": is_signal.sum(),
        "n_hits": (is_move & is_signal).sum(),
    }  # fmt: skip


def test_each_set_is_counted_as_numpy_counts_it(ran: SmallDesk, given: Made) -> None:
    found = rows(ran, "backtest.scorecard", "trial")[1:]

    assert [json.loads(row["params"])["min_weight"] for row in found] == [1, 2, 3, 4]
    for row in found:
        counted = told(given, json.loads(row["params"])["min_weight"])
        assert {name: row[name] for name in counted} == counted
        precision = counted["n_hits"] / counted["n_signals"]
        base = counted["n_moves"] / counted["n"]
        assert row["precision"] == pytest.approx(precision, abs=1e-6)
        assert row["lift"] == pytest.approx(precision / base, abs=1e-5)
        assert row["recall"] == pytest.approx(counted["n_hits"] / counted["n_moves"], abs=1e-6)
        still = counted["n"] - counted["n_moves"]
        assert row["fpr"] == pytest.approx((row["n_signals"] - row["n_hits"]) / still, abs=1e-6)
        assert row["precision_low"] < row["precision"] <= row["precision_high"]
        assert row["lift_low"] < row["lift"] < row["lift_high"]
        assert row["q_value"] >= row["p_value"]


def test_the_rule_earns_what_the_marks_know_less_its_costs(ran: SmallDesk, given: Made) -> None:
    row = rows(ran, "backtest.scorecard", "trial")[1]
    is_signal = given.weights[:, :-1] >= 1
    gains = np.abs(given.steps[:, :-1][is_signal])  # made up to know the way
    days = np.where(is_signal, np.abs(given.steps[:, :-1]) - 0.001, 0).sum(axis=0)
    days = days / np.maximum(is_signal.sum(axis=0), 1)

    assert (row["n_trades"], row["n_losers"]) == (is_signal.sum(), 0)
    assert row["mean_return_frac"] == pytest.approx(gains.mean(), abs=1e-8)
    assert row["mean_net_frac"] == pytest.approx(gains.mean() - 0.001, abs=1e-8)
    assert row["break_even_bps"] == pytest.approx(10_000 * gains.mean(), abs=1e-4)
    sharpe = days.mean() / days.std(ddof=1) * 252**0.5
    assert row["sharpe_year"] == pytest.approx(sharpe, abs=1e-6)
    equity = rows(ran, "backtest.equity", "trial, session_date")
    last = [each for each in equity if each["trial"] == 1][-1]
    assert last["equity"] == pytest.approx(np.prod(1 + days), abs=1e-6)


def test_what_training_chose_is_judged_in_tests_alone(ran: SmallDesk) -> None:
    chosen = rows(ran, "backtest.scorecard", "trial")[0]
    folds = [row for row in rows(ran, "backtest.rates") if row["slice_kind"] == "fold"]

    assert (chosen["trial"], chosen["n_folds"], chosen["n_days"]) == (0, 5, 89)
    for name in ("n", "n_moves", "n_signals", "n_hits"):
        assert chosen[name] == sum(row[name] for row in folds)
    assert {row["params"] for row in folds} == {'{"min_weight": 4}'}


def test_slices_add_up_to_the_whole(ran: SmallDesk) -> None:
    found = [row for row in rows(ran, "backtest.rates") if row["trial"] == 2]
    (whole,) = [row for row in found if row["slice_kind"] == "all"]

    for kind in ("regime", "time_of_day"):
        parts = [row for row in found if row["slice_kind"] == kind]
        assert sum(row["n_signals"] for row in parts) == whole["n_signals"]
        assert sum(row["n_hits"] for row in parts) == whole["n_hits"]
    regimes = [row for row in found if row["slice_kind"] == "regime"]
    assert {row["slice"] for row in regimes} == {"calm", "stressed"}
    assert sum(row["n"] for row in regimes) == whole["n"]


def test_every_set_counts_as_tried_those_of_an_interrupted_run_too(
    laid: SmallDesk, tmp_path: Path
) -> None:
    desk = laid.copy(tmp_path / "desk")

    def stop(done: Done) -> None:
        if done.trial.number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(desk, FOUR, stop, workers=1)
    assert rows(desk, "backtest.scorecard") == []
    again: list[Done] = []
    measure(desk, {"min_weight": ["1", "2"]}, again.append, workers=1)

    assert [(done.trial.number, done.is_new) for done in again] == [(1, False), (2, False)]
    found = rows(desk, "backtest.scorecard", "trial")
    assert [row["n_trials"] for row in found] == [1, 4, 4]
    outcomes = [row["outcome"] for row in rows(desk, "raw.backtest_runs", "known_at")]
    assert outcomes == ["running", "abandoned", "running", "done"]
    assert not list((desk.root / "store" / "_backtests").glob("*"))


def test_sets_that_change_what_the_detector_reads_are_asked_apart(
    laid: SmallDesk, tmp_path: Path, given: Made
) -> None:
    desk = laid.copy(tmp_path / "desk")

    measure(desk, {"scale": ["1", "2"], "min_weight": ["4"]})

    found = {
        json.loads(row["params"])["scale"]: row["n_signals"]
        for row in rows(desk, "backtest.scorecard", "trial")[1:]
    }
    assert found == {1: told(given, 4)["n_signals"], 2: told(given, 2)["n_signals"]}


def test_a_run_says_the_same_whoever_asks_and_however_many(
    ran: SmallDesk, laid: SmallDesk, tmp_path: Path
) -> None:
    desk = laid.copy(tmp_path / "desk")

    measure(desk, FOUR, workers=1)

    def figures(where: SmallDesk) -> list[dict[str, Any]]:
        found = rows(where, "backtest.rates", "trial, slice_kind, slice")
        return [{**row, "run_id": "", "known_at": ""} for row in found]

    assert figures(desk) == figures(ran)


@pytest.mark.parametrize(
    ("span", "lists", "plan", "said"),
    [
        (("2019-01-01", "2020-01-01"), {}, {}, r"^backtest\.moves: no price of this span"),
        (None, {"min_weight": ["99"]}, {}, r"^prices\.mark: it fires no alert in this span"),
        (None, {}, {"horizons": ("1 sesion",)}, r"^--horizon: .*did you mean '1 session'"),
        (None, {}, {"labels": ("sigma_4",)}, r"^--label: no bar .*did you mean 'sigma_[23]'"),
        (None, {}, {"walk": Walk(train=500), "must_walk": True}, r"^169 days have labels"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_one_sentence(
    laid: SmallDesk,
    tmp_path: Path,
    span: Sequence[str] | None,
    lists: dict[str, list[str]],
    plan: dict[str, Any],
    said: str,
) -> None:
    desk = laid.copy(tmp_path / "desk")
    if span:
        plan = {**plan, "span": Span(*map(clock.moment, span))}

    with pytest.raises(QueryError, match=said):
        measure(desk, lists, **plan)
    assert rows(desk, "backtest.scorecard") == []


def test_a_short_span_has_figures_without_folds_or_intervals(
    laid: SmallDesk, tmp_path: Path, given: Made
) -> None:
    desk = laid.copy(tmp_path / "desk")
    short = Span(clock.moment("2022-01-01"), closed(given.days[15]))

    said = measure(desk, {}, span=short)

    (row,) = rows(desk, "backtest.scorecard")
    assert said == [
        "14 days have labels, and walking forward takes 80 to train and one to test; widen the "
        "span, or give a smaller --train"
    ]
    assert (row["trial"], row["lift_low"], row["sharpe_year"]) == (1, None, None)
    assert row["reason"] == "14 days are too few to draw blocks of"
