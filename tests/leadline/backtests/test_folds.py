"""No label of a training day reaches into the test, and a leak by overlap is gone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from leadline.backtests.folds import Fold, Walk, days_of, folds
from leadline.backtests.judge import judged
from leadline.backtests.series import COUNTS, Base
from leadline.errors import ConfigError, QueryError

FIRST = date(2020, 1, 1)


def cut(n_days: int, horizon: int, walk: Walk) -> list[Fold]:
    """Cut days that follow one another; a day's label is known so many days later."""
    days = [FIRST + timedelta(n) for n in range(n_days)]
    begins = {day: datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days}
    known = {day: at + timedelta(horizon) for day, at in begins.items()}
    return folds(begins, known, f"{horizon} sessions", walk)


def test_no_training_label_ends_after_the_test_begins() -> None:
    found = cut(400, 5, Walk(train=100, test=20, step=20, embargo=0))

    assert len(found) == 15
    assert [day for fold in found for day in fold.test] == [
        FIRST + timedelta(n) for n in range(100, 400)
    ]
    for fold in found:
        assert fold.train[-1] + timedelta(5) < fold.test[0]
        assert (len(fold.train), fold.n_purged, fold.n_embargoed) == (95, 5, 0)


def test_the_embargo_is_a_hundredth_of_the_days_and_the_horizon_at_least() -> None:
    long = cut(2_000, 5, Walk(train=252, test=21, step=21))
    short = cut(400, 10, Walk(train=252, test=21, step=21))

    assert {len(fold.train) for fold in long} == {232}
    assert {len(fold.train) for fold in short} == {242}


def test_a_horizon_of_hours_touches_one_day() -> None:
    assert [days_of(each) for each in ("10 sessions", "1 session", "4 hours", "1 day")] == [
        10, 1, 1, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("walk", "said"),
    [
        ({"train": 0}, "--train: 0 is no number of days"),
        ({"embargo": -1}, "--embargo: -1 days"),
        ({"test": 21, "step": 10}, "--step: 10 days after a test of 21 would judge days twice"),
    ],
)
def test_windows_that_hold_nothing_are_refused(walk: dict[str, int], said: str) -> None:
    with pytest.raises(ConfigError, match=f"^{said}"):
        Walk(**walk)


def test_too_few_days_are_told_with_what_it_takes() -> None:
    with pytest.raises(QueryError, match=r"^5 sessions: 252 days have labels, and a fold takes"):
        cut(252, 5, Walk())


def leak(n_days: int, horizon: int) -> tuple[Base, dict[str, np.ndarray]]:
    """Make up a market whose label is up, and two sets: one always says up, the other down.

    Steps are independent, so that yesterday's label tells today's by their overlap alone.
    """
    chance = np.random.default_rng(5)
    steps = chance.standard_normal(n_days + horizon)
    is_up = np.array([steps[n : n + horizon].sum() > 0 for n in range(n_days)], dtype=float)
    days = [FIRST + timedelta(n) for n in range(n_days)]
    begins = {day: datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days}
    known = {day: at + timedelta(horizon) for day, at in begins.items()}
    ones = np.ones(n_days)
    base = Base("up", f"{horizon} sessions", days, begins, known, 2 * ones, ones)
    found = {name: np.zeros((2, n_days)) for name in COUNTS}
    found["n_signals"][:] = 1
    found["n_hits"][:] = np.array([is_up, 1 - is_up])
    return base, found


def test_a_leak_by_overlap_scores_without_the_purge_and_is_gone_with_it() -> None:
    base, found = leak(2_000, 20)
    at_once = {day: at - timedelta(1) for day, at in base.begins.items()}
    unpurged = replace(base, known=at_once)

    def share(given: Base, train: int) -> float:
        told = judged(given, found, Walk(train, test=1, step=1, embargo=0), "precision")
        assert {len(each.fold.train) for each in told} == {3}
        return sum(each.counts["n_hits"] for each in told) / len(told)

    assert share(unpurged, 3) > 0.8
    assert abs(share(base, 23) - 0.5) < 0.1  # labels overlap, so that 2,000 days weigh as 100


def test_a_set_that_knows_the_future_is_chosen_and_scores_perfectly() -> None:
    base, found = leak(800, 5)
    n_moves = found["n_hits"][0].copy()
    found["n_signals"] = np.array([n_moves, np.ones(800)])
    found["n_hits"] = np.array([n_moves, n_moves])
    base = Base(base.label, base.horizon, base.days, base.begins, base.known, base.n_bars, n_moves)

    told = judged(base, found, Walk(), "z")

    assert {each.chosen for each in told} == {0}
    assert all(each.counts["n_hits"] == each.counts["n_signals"] for each in told)
