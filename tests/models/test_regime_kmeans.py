"""Centres of the past stand in the order of their volatility, and the nearest one is told."""

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from leadline.fitted import Unfit, one_thread
from models import regime_kmeans
from models.regime_kmeans import Centres
from tests.regimes import table, two_states

SETTINGS = regime_kmeans.FITTED.settings
N, LEARNED = 1_300, 1_000
STATES, RETURNS = two_states(N, 4, 3, stay=0.99)
ROWS = table(RETURNS)


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    with one_thread():
        yield


@pytest.fixture(scope="module")
def centres() -> Centres:
    return regime_kmeans.fit(ROWS.slice(0, LEARNED), SETTINGS, 1)


def test_a_session_of_a_calm_stretch_is_calm_and_of_a_wild_one_is_not(centres: Centres) -> None:
    said = list(regime_kmeans.score(centres, ROWS.slice(LEARNED)))
    # Twenty sessions after a switch all that is looked at lies in the new state.
    held = [np.ptp(STATES[k - 20 : k + 1]) == 0 for k in range(LEARNED, N)]

    settled = [
        (row["score"] > 0, state)
        for row, state, is_held in zip(said, STATES[LEARNED:], held, strict=True)
        if is_held
    ]
    assert np.mean([is_wild == state for is_wild, state in settled]) >= 0.9
    assert {row["parts"].keys() == {"p_calm", "p_normal", "p_stressed"} for row in said} == {True}
    assert all(1 / 3 <= row["probability"] <= 1 for row in said)


def test_centres_stand_in_the_order_of_their_volatility_whatever_the_seed() -> None:
    fits = [
        regime_kmeans.fit(ROWS.slice(0, n), SETTINGS, seed) for n in (700, 900) for seed in (1, 2)
    ]

    assert all((np.diff(each.places[:, 0]) > 0).all() for each in fits)


def test_the_same_rows_and_seed_give_the_same_bits(centres: Centres) -> None:
    again = regime_kmeans.fit(ROWS.slice(0, LEARNED), SETTINGS, 1)

    assert pickle.dumps(again) == pickle.dumps(centres)


def test_a_store_with_stocks_has_their_correlation_looked_at_too() -> None:
    n = 700
    correlation = np.random.default_rng(1).random(n)

    found = regime_kmeans.fit(table(RETURNS[:n], mean_correlation=correlation), SETTINGS, 1)

    assert found.names[-1] == "mean_correlation"
    lacking = table(RETURNS[:n])  # and says so where a session has none
    (row,) = regime_kmeans.score(found, lacking.slice(n - 1))
    assert row["reason"] == "no mean_correlation"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            table(RETURNS[:562]),
            "503 of the 504 sessions that it needs have rv20, return_20d_frac, vol_ratio",
        ),
        (table(np.zeros(600)), "rv20 is the same in every session"),
        (
            table(RETURNS[:600], rv20=[None] * 600),
            "rv20 is null in most of its sessions",
        ),
        (
            table(
                RETURNS[:600],
                **{name: [0.1, 0.2] * 300 for name in ("rv20", "return_20d_frac", "vol_ratio")},
            ),
            "its sessions are of fewer than three kinds",
        ),
    ],
)
def test_what_cannot_be_fitted_says_why(rows: Any, why: str) -> None:
    with pytest.raises(Unfit) as caught:
        regime_kmeans.fit(rows, SETTINGS, 1)

    assert str(caught.value) == why
