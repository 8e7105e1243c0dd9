"""The local outlier factor finds odd sessions, and says the same each time."""

import numpy as np
import pytest

from leadline.fitted import Unfit
from models import local_outlier_factor
from models.local_outlier_factor import FITTED, Neighbours, fit, learned, score
from tests.oddities import odd, recall, table, usual

SEED = 11
GIVEN = table(usual(2_000, SEED))


@pytest.fixture(scope="module")
def fitted() -> Neighbours:
    return fit(GIVEN, FITTED.settings, FITTED.seed)


def test_odd_sessions_are_found_where_one_of_a_hundred_usual_ones_is(fitted: Neighbours) -> None:
    threshold = float(np.quantile(learned(fitted, GIVEN), 0.99))

    usual_rate = recall(local_outlier_factor, fitted, usual(1_000, SEED + 1), threshold)
    one = recall(local_outlier_factor, fitted, odd(150, SEED + 2, n_odd=1, size=5), threshold)
    three = recall(local_outlier_factor, fitted, odd(150, SEED + 3, n_odd=3, size=3), threshold)

    assert usual_rate <= 0.025  # of 1,000 rows; the threshold itself rests on twenty
    assert (one >= 0.8, three >= 0.8) == (True, True), (one, three)


def test_the_same_rows_and_seed_give_the_same_scores_to_the_bit(fitted: Neighbours) -> None:
    again = fit(GIVEN, FITTED.settings, FITTED.seed)
    day = table(usual(40, SEED + 4))

    assert list(score(again, day)) == list(score(fitted, day))
    assert learned(again, GIVEN).tobytes() == learned(fitted, GIVEN).tobytes()


def test_a_row_is_scored_by_itself_whatever_stands_beside_it(fitted: Neighbours) -> None:
    day = table(usual(40, SEED + 5))
    whole = list(score(fitted, day))

    assert list(score(fitted, day.slice(17, 5))) == whole[17:22]


def test_nothing_but_equal_rows_gives_no_fit() -> None:
    with pytest.raises(Unfit, match="none of 12 figures has 60 values that differ"):
        fit(table(np.ones((500, 12))), FITTED.settings, FITTED.seed)


def test_what_was_learned_is_not_scored_anew(fitted: Neighbours) -> None:
    # A row is its own nearest neighbour: scored anew it would look more usual than it was.
    own = learned(fitted, GIVEN)
    anew = np.array([row["score"] for row in score(fitted, GIVEN)])

    assert np.abs(own - anew).max() > 0.01
    assert own.shape == (2_000,)


def test_of_many_rows_a_choice_by_chance_is_learned() -> None:
    few = {**FITTED.settings, "most_rows": 500}

    first, again, other = (fit(GIVEN, few, seed) for seed in (1, 1, 2))

    assert len(learned(first, GIVEN)) == 500
    assert (learned(first, GIVEN) == learned(again, GIVEN)).all()
    assert (learned(first, GIVEN) != learned(other, GIVEN)).any()


def test_more_neighbours_than_rows_give_no_fit() -> None:
    with pytest.raises(Unfit, match="120 rows have no 200 neighbours"):
        fit(table(usual(120, SEED)), {**FITTED.settings, "n_neighbors": 200}, 1)
