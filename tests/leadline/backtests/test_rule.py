"""The figures of a rule's days are those of numpy, and a constant has a reason."""

from datetime import date, timedelta

import numpy as np
import pytest

from leadline.backtests.rule import Tried, figures, sharpe_day

DAYS = [date(2024, 1, 1) + timedelta(n) for n in range(100)]


def test_the_figures_are_those_of_the_days() -> None:
    returns = 0.001 + 0.01 * np.random.default_rng(3).standard_normal(100)
    turnover = np.full(100, 0.5)

    found = figures(returns, turnover, DAYS, Tried(1, ()), is_session=True)

    sharpe = returns.mean() / returns.std(ddof=1)
    worth = np.concatenate(([1], np.cumprod(1 + returns)))
    falls = [1 - worth[n] / worth[: n + 1].max() for n in range(len(worth))]
    assert found["sharpe_year"] == pytest.approx(sharpe * 252**0.5, abs=1e-8)
    assert found["max_drawdown_frac"] == pytest.approx(max(falls), abs=1e-8)
    assert (found["turnover_day"], found["n_days"], found["reason"]) == (0.5, 100, None)
    assert found["deflated_sharpe"] == found["probable_sharpe"]


def test_the_more_was_tried_the_less_a_ratio_says() -> None:
    returns = 0.002 + 0.01 * np.random.default_rng(3).standard_normal(100)
    tried = [0.2, 0.05, -0.1, 0.1]

    few, many = (
        figures(returns, returns, DAYS, Tried(n, tried), is_session=False)["deflated_sharpe"]
        for n in (4, 400)
    )

    assert 0 < many < few < 1


@pytest.mark.parametrize(
    ("returns", "said"),
    [
        (np.zeros(100), "the rule's days are all alike"),
        (np.full(100, 0.1), "the rule's days are all alike"),
        (np.array([0.1]), "1 days are too few for a Sharpe ratio; it takes 20"),
    ],
)
def test_a_constant_or_one_day_has_no_ratio_and_a_reason(returns: np.ndarray, said: str) -> None:
    found = figures(returns, returns, DAYS[: returns.size], Tried(3, ()), is_session=True)

    assert sharpe_day(returns) is None
    assert (found["sharpe_year"], found["max_drawdown_frac"], found["reason"]) == (None, None, said)


def test_a_ratio_that_nothing_deflates_says_why() -> None:
    returns = 0.01 * np.random.default_rng(3).standard_normal(100)

    found = figures(returns, returns, DAYS, Tried(5, [0.1]), is_session=True)

    assert found["deflated_sharpe"] is None
    assert found["reason"] == "of several sets too few have a Sharpe ratio to deflate by"
