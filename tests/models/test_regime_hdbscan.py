"""Crowds of sessions get their place from their volatility; a session in none is unassigned."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from leadline.fitted import Unfit
from models import regime_hdbscan
from models.regime_hdbscan import Crowds
from tests.regimes import table

SETTINGS = regime_hdbscan.FITTED.settings
CHANCE = np.random.default_rng(5)
N = 600
WHICH = np.repeat([2, 0], [200, 400])  # the wild ones come first, so they have the first number
MEASURES = {
    "rv20": np.where(WHICH == 2, 0.4, 0.1) + CHANCE.normal(0, 0.01, N),
    "return_20d_frac": np.where(WHICH == 2, -0.1, 0.02) + CHANCE.normal(0, 0.005, N),
    "vol_ratio": np.where(WHICH == 2, 1.3, 0.9) + CHANCE.normal(0, 0.02, N),
}
ROWS = table(CHANCE.normal(0, 0.01, N), **MEASURES)


@pytest.fixture(scope="module")
def crowds() -> Crowds:
    return regime_hdbscan.fit(ROWS, SETTINGS, 1)


def of(crowds: Crowds, *points: tuple[float, float, float]) -> list[Any]:
    own = dict(zip(MEASURES, (list(each) for each in zip(*points, strict=True)), strict=True))
    return list(regime_hdbscan.score(crowds, table(np.full(len(points), 0.01), **own)))


def test_a_crowds_place_is_that_of_its_volatility(crowds: Crowds) -> None:
    calm, wild = of(crowds, (0.1, 0.02, 0.9), (0.4, -0.1, 1.3))

    assert (calm["score"], wild["score"]) == (0, 1)  # a third of all days is no stress
    assert calm["probability"] > 0.5
    assert (
        crowds.note == "600 sessions by rv20, return_20d_frac, vol_ratio; 2 crowds, 0.000 in none"
    )


def test_a_session_far_from_all_of_them_is_unassigned_and_not_unknown(crowds: Crowds) -> None:
    (alone,) = of(crowds, (2.0, 0.9, 9.0))

    assert alone["score"] == -1
    assert "reason" not in alone
    assert "probability" not in alone


def test_the_same_rows_give_the_same_places(crowds: Crowds) -> None:
    again = regime_hdbscan.fit(ROWS, SETTINGS, 2)

    assert list(regime_hdbscan.score(again, ROWS)) == list(regime_hdbscan.score(crowds, ROWS))


def test_a_session_without_a_measure_says_so(crowds: Crowds) -> None:
    (row,) = regime_hdbscan.score(
        crowds, ROWS.slice(0, 1).set_column(5, "rv20", pa.nulls(1, pa.float64()))
    )

    assert row["reason"] == "no rv20"


def test_sessions_without_a_crowd_have_no_fit() -> None:
    even = {name: np.linspace(0.1, 9, N) ** k for k, name in enumerate(MEASURES, 1)}
    strict = {**SETTINGS, "min_cluster_size": 400}

    with pytest.raises(Unfit, match="no crowd of 400 sessions stands out"):
        regime_hdbscan.fit(table(CHANCE.normal(0, 0.01, N), **even), strict, 1)
