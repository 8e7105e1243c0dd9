"""A set is chosen by its training days, whatever it does later."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from leadline.backtests.folds import Walk
from leadline.backtests.judge import BEST_BY, judged, traded
from leadline.backtests.series import COUNTS, Base

DAYS = [date(2024, 1, 1) + timedelta(n) for n in range(60)]
AT = {day: datetime(day.year, day.month, day.day, tzinfo=UTC) for day in DAYS}
KNOWN = {day: at + timedelta(hours=1) for day, at in AT.items()}
BASE = Base("up", "1 day", DAYS, AT, KNOWN, np.full(60, 10.0), np.full(60, 2.0))
WALK = Walk(train=30, test=30, step=30, embargo=0)


def made(hits: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    """Return sets of two signals a day, with hits a day in training and in the test."""
    found = {name: np.zeros((len(hits), 60)) for name in COUNTS}
    found["n_signals"][:] = 2
    found["n_hits"][:] = [[train] * 30 + [test] * 30 for train, test in hits]
    return found


@pytest.mark.parametrize("best_by", BEST_BY)
def test_what_was_best_in_training_is_counted_in_the_test(best_by: str) -> None:
    (fold,) = judged(BASE, made([(1, 2), (2, 0), (0, 2)]), WALK, best_by)

    assert (fold.chosen, fold.counts["n_hits"], fold.counts["n_signals"]) == (1, 0, 60)
    assert (fold.n_bars, fold.n_moves) == (300, 60)


def test_of_equals_the_first_is_chosen_and_of_the_silent_none() -> None:
    (first,) = judged(BASE, made([(1, 1), (1, 2)]), WALK, "f1")
    silent = {name: np.zeros((2, 60)) for name in COUNTS}
    (none,) = judged(BASE, silent, WALK, "precision")

    assert first.chosen == 0
    assert (none.chosen, none.counts["n_signals"], none.n_moves) == (None, 0, 60)


def test_the_rule_is_chosen_by_its_sharpe_ratio() -> None:
    chance = np.random.default_rng(2)
    steady = 0.01 + 0.001 * chance.standard_normal(60)
    wild = 0.02 + 0.2 * chance.standard_normal(60)

    ((_, chosen),) = traded(BASE, np.array([wild, steady]), WALK)
    ((_, none),) = traded(BASE, np.zeros((2, 60)), WALK)

    assert (chosen, none) == (1, None)
