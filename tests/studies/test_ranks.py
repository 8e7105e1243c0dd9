import numpy as np
import pytest

from studies.ranks import found_at, lift_between

HITS = np.array([True, True, False, False, False, False, False, False, True, False])


def test_a_ranking_that_knows_finds_all_there_is_room_for() -> None:
    assert found_at(HITS.astype(float), HITS, 0.1) == pytest.approx(1 / 3)
    assert found_at(HITS.astype(float), HITS, 0.3) == 1
    assert found_at(-HITS.astype(float), HITS, 0.5) == 0


def test_equal_scores_find_as_much_as_chance() -> None:
    for depth in (0.016, 0.1, 0.37):
        assert found_at(np.zeros(10), HITS, depth) == pytest.approx(depth)


def test_without_anything_to_find_there_is_no_share() -> None:
    assert np.isnan(found_at(np.arange(10.0), np.zeros(10, bool), 0.1))


def test_the_interval_of_a_blind_ranking_holds_one_and_that_of_a_knowing_one_does_not() -> None:
    chance = np.random.default_rng(5)
    hits = chance.random(4_000) < 0.1

    blind = lift_between(chance.random(4_000), hits, 0.1, 1)
    knowing = lift_between(hits + chance.normal(0, 0.5, 4_000), hits, 0.1, 1)

    assert blind[0] < 1 < blind[1]
    assert 3 < knowing[0] < knowing[1] < 10
