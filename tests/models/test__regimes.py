"""Three places by volatility, whatever the method numbers its states."""

from datetime import date

import numpy as np
import pytest

from models import _regimes
from tests.regimes import table, two_states

RETURNS = two_states(700, 3, 1)[1]


def test_what_most_sessions_do_not_tell_is_not_looked_at() -> None:
    names, points = _regimes.measured(table(RETURNS))

    assert names == ["rv20", "return_20d_frac", "vol_ratio"]
    assert points.shape == (700 - 59, 3)
    assert np.isfinite(points).all()


def test_states_of_one_place_are_added_and_two_states_are_calm_and_stressed() -> None:
    shared = _regimes.probable(np.array([0.3, 0.45, 0.25]), (0, 1, 0))
    two = _regimes.probable(np.array([0.2, 0.8]), (0, 2))

    assert (shared["score"], shared["probability"]) == (0, pytest.approx(0.55))
    assert (two["score"], two["parts"]["p_normal"]) == (2, 0)


def test_why_nothing_can_be_said_names_what_is_missing() -> None:
    line = {"entity": "market", "session_date": date(2024, 3, 1), "known_at": None}

    said = _regimes.missing({**line, "rv20": None, "vol_ratio": None}, ["rv20", "vol_ratio"])

    assert said == {**line, "measure": "regime", "reason": "no rv20 and no vol_ratio"}
    assert _regimes.missing({**line, "rv20": 0.1}, ["rv20"]) is None


def test_rows_are_put_in_the_order_of_their_sessions() -> None:
    rows = table(RETURNS[:5])

    assert _regimes.ordered(rows.take([3, 1, 4, 0, 2])) == rows
