"""Deflated Sharpe ratios against published figures, and draws against what is known of them."""

import numpy as np
import pytest

from leadline.backtests.chance import (
    draws,
    largest_of,
    lifts,
    luckiest,
    mean_ends,
    probable_sharpe,
)

SEED = 11


@pytest.mark.parametrize(
    ("n_trials", "largest"), [(10, 1.5746), (40, 2.1895), (100, 2.5306), (1_000, 3.2551)]
)
def test_the_luckiest_of_many_is_as_the_paper_reckons(n_trials: int, largest: float) -> None:
    assert largest_of(n_trials) == pytest.approx(largest, abs=5e-5)


def test_the_deflated_ratio_of_the_papers_example_comes_out() -> None:
    least = (0.5 / 250) ** 0.5 * largest_of(100)

    deflated = probable_sharpe(2.5 / 250**0.5, least, 1_250, -3, 10)

    assert least == pytest.approx(0.113172, abs=5e-7)
    assert deflated == pytest.approx(0.90040, abs=5e-6)


def test_one_trial_alone_is_not_deflated_and_one_of_many_needs_the_others() -> None:
    assert luckiest([0.1], 1) == 0
    assert luckiest([0.1], 5) is None
    assert luckiest([0.1, 0.1, 0.1], 3) == pytest.approx(0)


def test_too_few_blocks_are_not_drawn() -> None:
    assert draws(39, 5, SEED) is None
    assert draws(40, 5, SEED) is not None


def test_each_draw_has_as_many_days_in_whole_blocks_and_a_seed_repeats_it() -> None:
    found = draws(100, 10, SEED, 50)
    again = draws(100, 10, SEED, 50)

    assert found is not None
    assert again is not None
    assert (found.sum(axis=1) == 100).all()
    assert (found == again).all()
    neighbours = np.corrcoef(found[:, :-1].ravel(), found[:, 1:].ravel())[0, 1]
    assert neighbours > 0.8  # nine of ten days stand beside their neighbour


def test_hits_by_chance_are_seldom_called_skill() -> None:
    chance = np.random.default_rng(SEED)
    n_days, n_sets = 400, 400
    moves = chance.binomial(50, 0.1, size=n_days).astype(float)
    bars = np.full(n_days, 50.0)
    signals = chance.binomial(5, 0.5, size=(n_days, n_sets)).astype(float)
    hits = chance.binomial(signals.astype(int), (moves / 50)[:, None]).astype(float)
    drawn = draws(n_days, 5, SEED)

    assert drawn is not None
    told = lifts(drawn, bars, moves, signals, hits)
    p_values = np.array([each.p_value for each in told])
    within = [each.low <= 1 <= each.high for each in told if each.low and each.high]

    # 5 % and 95 % within three deviations of 400 draws, and what draws of few blocks add.
    assert 0.02 < (p_values < 0.05).mean() < 0.10
    assert 0.90 < np.mean(within) < 0.99


def test_skill_is_told_and_no_signal_has_no_figure() -> None:
    days = np.ones(100)
    signals = np.column_stack([days, np.zeros(100)])
    hits = np.column_stack([np.arange(100) % 2, np.zeros(100)]).astype(float)
    drawn = draws(100, 5, SEED)

    assert drawn is not None
    skilled, silent = lifts(drawn, 10 * days, days, signals, hits)

    assert (skilled.p_value or 0) < 1e-6
    assert (skilled.low or 0) > 3
    assert (silent.low, silent.high, silent.p_value) == (None, None, None)
    assert mean_ends(drawn, np.zeros(100), np.zeros(100)) == (None, None)


def test_the_ends_of_a_mean_hold_it() -> None:
    chance = np.random.default_rng(SEED)
    counts = np.full(250, 4.0)
    sums = 4 * 0.01 + 0.02 * chance.standard_normal(250)
    drawn = draws(250, 5, SEED)

    assert drawn is not None
    low, high = mean_ends(drawn, sums, counts)

    assert low is not None
    assert high is not None
    assert low < sums.sum() / 1_000 < high
    assert 0.5 < (high - low) / (2 * 1.96 * 0.02 / 4 / 250**0.5) < 1.5
