"""What models of odd sessions share."""

import json

import numpy as np
import pyarrow as pa
import pytest

from leadline.fitted import Unfit
from models import _figures
from models._figures import Values
from tests.oddities import FIGURES, table, usual


def length(found: Values) -> Values:
    scores: Values = np.sqrt((np.nan_to_num(found) ** 2).sum(axis=1))
    return scores


def test_a_figure_that_hardly_ever_was_there_or_never_differs_is_not_learned() -> None:
    found = usual(300, seed=1, has_options=1)
    found[59:, 6] = np.nan
    found[:, 7] = 1.5

    names = _figures.names(table(found))

    assert names == [name for name in FIGURES if name not in ("calls_z", "puts_z")]


@pytest.mark.parametrize(
    ("n_rows", "sentence"),
    [
        (0, "none of 12 figures has 60 values that differ"),
        (1, "none of 12 figures has 60 values that differ"),
        (99, "99 of the 100 rows that it needs have a figure"),
    ],
)
def test_too_little_to_learn_from_is_told(n_rows: int, sentence: str) -> None:
    with pytest.raises(Unfit, match=sentence):
        _figures.names(table(usual(n_rows, seed=1)))


@pytest.mark.parametrize("value", [np.nan, 0.0, 3.0])
def test_figures_that_are_missing_or_constant_are_told(value: float) -> None:
    with pytest.raises(Unfit, match="none of 12 figures has 60 values that differ"):
        _figures.names(table(np.full((200, len(FIGURES)), value)))


def test_a_row_without_a_figure_has_a_reason_and_no_score() -> None:
    found = np.array([[np.nan] * 12, [1.0] * 12])

    none, some = _figures.rows(table(found), FIGURES, length, odd_from=99)

    assert (none["score"], none["reason"]) == (None, "no figure that it has learned")
    assert (some["score"], some["parts"], "reason" in some) == (12**0.5, None, False)
    assert (none["entity"], none["known_at"]) == ("T0", table(found)["known_at"][0].as_py())


def test_an_odd_row_says_what_makes_it_so_and_most_comes_first() -> None:
    found = np.zeros((2, 12))
    found[0, [1, 4]] = (3.0, -4.0)
    found[0, 8] = np.nan

    (odd, usual_one) = _figures.rows(table(found), FIGURES, length, odd_from=5)

    parts = json.loads(odd["parts"])
    assert list(parts) == ["offex_balance_z", "value_z"]
    assert parts == {
        "offex_balance_z": {"z": -4.0, "adds": 2.0},
        "value_z": {"z": 3.0, "adds": 1.0},
    }
    assert usual_one["parts"] is None


def test_a_session_of_nobody_is_no_row() -> None:
    empty = table(usual(0, seed=1))

    assert list(_figures.rows(empty, FIGURES, length, 1.0)) == []
    assert isinstance(empty, pa.Table)
