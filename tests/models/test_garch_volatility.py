"""GARCH finds the numbers of a series that is made by it, and its variance goes on from the fit."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from leadline.fitted import Unfit
from models import garch_volatility
from models.garch_volatility import Fits
from tests.regimes import garch, table, told

SETTINGS = garch_volatility.FITTED.settings
N, LEARNED = 3_000, 2_900
RETURNS = garch(N, 0.08, 0.9, 11)
ROWS = table(RETURNS)


@pytest.fixture(scope="module")
def fits() -> Fits:
    both = [ROWS.slice(0, LEARNED), table(RETURNS[:LEARNED] * 2, "AAPL"), table(RETURNS[:9], "NEW")]
    return garch_volatility.fit(pa.concat_tables(both), SETTINGS, 0)


def test_what_made_the_series_is_found_again(fits: Fits) -> None:
    found = fits.found["market"]

    assert found.alpha + found.beta == pytest.approx(0.98, abs=0.015)
    assert found.alpha == pytest.approx(0.08, abs=0.03)
    assert found.omega / (1 - found.alpha - found.beta) == pytest.approx(1, rel=0.4)


def test_each_entity_has_its_own_and_twice_the_returns_are_twice_the_volatility(fits: Fits) -> None:
    one, twice = (
        next(told(garch_volatility, fits, table(RETURNS * by, entity), LEARNED, 60))["score"]
        for entity, by in (("market", 1), ("AAPL", 2))
    )

    assert twice == pytest.approx(2 * one, rel=0.02)


def test_the_next_sessions_variance_is_of_what_is_known(fits: Fits) -> None:
    found = fits.found["market"]

    said = list(garch_volatility.score(fits, ROWS))

    variance = found.variance
    for row, value in zip(said, RETURNS[LEARNED:], strict=True):
        variance = found.omega + found.alpha * (100 * value - found.mu) ** 2 + found.beta * variance
        assert row["score"] == pytest.approx(variance**0.5 / 100, rel=1e-12)


def test_a_session_says_the_same_whatever_comes_after_it(fits: Fits) -> None:
    whole = list(garch_volatility.score(fits, ROWS))

    cut = list(garch_volatility.score(fits, ROWS.slice(0, LEARNED + 50)))
    alone = list(told(garch_volatility, fits, ROWS.slice(0, LEARNED + 20), LEARNED, 60))

    assert cut == whole[:50]
    assert alone == whole[:20]


def test_who_is_too_young_or_came_later_says_so(fits: Fits) -> None:
    (young,) = garch_volatility.score(fits, table(RETURNS[:1], "NEW"))
    (later,) = garch_volatility.score(fits, table(RETURNS[:1], "LATER"))

    assert young["reason"] == "9 of the 504 returns that it needs are there"
    assert later["reason"] == "it was not there when the model was fitted"
    assert fits.note == "2 of 3 entities have a fit"


@pytest.mark.parametrize(
    ("returns", "why"),
    [
        (RETURNS[:503], "503 of the 504 returns that it needs are there"),
        (np.zeros(600), "return_log is the same in every session"),
    ],
)
def test_what_cannot_be_fitted_says_why(returns: Any, why: str) -> None:
    with pytest.raises(Unfit) as caught:
        garch_volatility.fit(table(returns), SETTINGS, 0)

    assert str(caught.value) == why
