"""The isolation forest finds odd sessions, and says the same each time."""

import numpy as np
import pytest

from leadline.fitted import Unfit
from models import isolation_forest
from models.isolation_forest import FITTED, Forest, fit, learned, score
from tests.oddities import odd, recall, table, usual

SEED = 11
GIVEN = table(usual(2_000, SEED))


@pytest.fixture(scope="module")
def fitted() -> Forest:
    return fit(GIVEN, FITTED.settings, FITTED.seed)


def test_odd_sessions_are_found_where_one_of_a_hundred_usual_ones_is(fitted: Forest) -> None:
    threshold = float(np.quantile(learned(fitted, GIVEN), 0.99))

    usual_rate = recall(isolation_forest, fitted, usual(1_000, SEED + 1), threshold)
    one = recall(isolation_forest, fitted, odd(150, SEED + 2, n_odd=1, size=5), threshold)
    three = recall(isolation_forest, fitted, odd(150, SEED + 3, n_odd=3, size=3), threshold)

    assert usual_rate <= 0.025  # of 1,000 rows; the threshold itself rests on twenty
    assert (one >= 0.8, three >= 0.8) == (True, True), (one, three)


def test_the_same_rows_and_seed_give_the_same_scores_to_the_bit(fitted: Forest) -> None:
    again = fit(GIVEN, FITTED.settings, FITTED.seed)
    day = table(usual(40, SEED + 4))

    assert list(score(again, day)) == list(score(fitted, day))
    assert learned(again, GIVEN).tobytes() == learned(fitted, GIVEN).tobytes()


def test_a_row_is_scored_by_itself_whatever_stands_beside_it(fitted: Forest) -> None:
    day = table(usual(40, SEED + 5))
    whole = list(score(fitted, day))

    assert list(score(fitted, day.slice(17, 5))) == whole[17:22]


def test_nothing_but_equal_rows_gives_no_fit() -> None:
    with pytest.raises(Unfit, match="none of 12 figures has 60 values that differ"):
        fit(table(np.ones((500, 12))), FITTED.settings, FITTED.seed)


def test_a_larger_figure_is_never_less_odd_of_itself(fitted: Forest) -> None:
    found = np.zeros((4, 12))
    found[:, 0] = (1, 3, 6, 18)

    rarities = isolation_forest.distances(found, fitted.correlations)

    assert (np.diff(rarities[:, 0]) > 0).all()
    assert (np.diff(rarities[:, -1]) > 0).all()
    assert np.isfinite(rarities).all()


def test_among_fewer_figures_the_same_size_is_rarer() -> None:
    found = np.zeros((2, 12))
    found[:, 0] = 3
    found[1, 3:] = np.nan

    many, few = isolation_forest.distances(found, np.eye(12))[:, 0]

    assert few > many


def test_what_is_missing_is_in_no_distance() -> None:
    found = np.full((1, 12), np.nan)
    found[0, 5] = 2.5
    correlations = np.full((12, 12), 0.9) + 0.1 * np.eye(12)

    largest, second, third, whole = isolation_forest.distances(found, correlations)[0]

    assert largest == pytest.approx(whole)  # one figure alone is both
    assert (second, third) == (0, 0)


def test_where_tails_are_fat_five_deviations_are_no_anomaly() -> None:
    given = table(usual(2_000, SEED, tails=4))
    grown = fit(given, FITTED.settings, FITTED.seed)
    threshold = float(np.quantile(learned(grown, given), 0.99))

    five = recall(isolation_forest, grown, odd(150, SEED, n_odd=1, size=5, tails=4), threshold)
    twenty = recall(isolation_forest, grown, odd(150, SEED, n_odd=1, size=20, tails=4), threshold)

    assert five <= 0.2
    assert twenty >= 0.8
