"""Features in one scale, and training that ends when what is held back gets no better."""

import numpy as np
import pyarrow as pa
import pytest

from models import _deep
from models._deep import Scale
from tests.anomalies import table, usual


def test_one_wild_value_does_not_change_the_scale_and_a_null_is_in_the_middle() -> None:
    values = usual(50, 20, 3, 1) * 7 + 3
    values[0, 0, 0] = 1e9

    scaled, is_told = Scale.of(table(values)).of_rows(table(values, 0.8, 2))

    middle = np.median(scaled[is_told[:, 1], 1])
    assert np.quantile(scaled[is_told[:, 0], 0], [0.16, 0.84]) == pytest.approx([-1, 1], abs=0.15)
    assert middle == pytest.approx(0, abs=0.1)
    assert 0.7 < is_told.mean() < 0.9
    assert not scaled[~is_told].any()


def test_counts_and_what_is_seldom_told_are_no_features() -> None:
    rows = table(usual(50, 20, 3, 1))
    seldom = pa.array([1.0, 2.0] + [None] * (len(rows) - 2))

    scale = Scale.of(rows.append_column("seldom_z", seldom))

    assert scale.names == ["f0_z", "f1_z", "f2_z"]


def test_the_last_tenth_of_the_sessions_is_held_back_whatever_the_order_of_rows() -> None:
    sessions = np.random.default_rng(1).permutation(np.repeat(np.arange(20), 5))

    assert set(sessions[_deep.last_sessions(sessions)]) == {18, 19}
    assert _deep.last_sessions(np.array([4])).tolist() == [True]


def test_a_few_rows_are_the_same_few_for_the_same_seed_and_in_order() -> None:
    rows = np.arange(1_000)

    one, other = (_deep.a_few(rows, 10, np.random.default_rng(3)) for _ in range(2))

    assert one.tolist() == other.tolist() == sorted(set(one))
    assert _deep.a_few(rows[:5], 10, np.random.default_rng(3)).tolist() == [0, 1, 2, 3, 4]


def test_parts_are_of_what_is_told_with_the_largest_first() -> None:
    said = _deep.parts(["a", "b", "c"], np.array([0.5, 2, 9]), np.array([True, True, False]))

    assert list(said.items()) == [("b", 2), ("a", 0.5)]


def test_training_ends_when_what_is_held_back_gets_no_better() -> None:
    chance = np.random.default_rng(1)
    into = chance.standard_normal((64, 1)).astype(np.float32)

    def loss(model: tuple[object], seen: object, actual: object) -> object:
        return ((seen * model[0] - actual) ** 2).mean()  # type: ignore[operator]

    found, note = _deep.settled(
        (np.full(1, 0.5, np.float32),), loss, [into, into], [into, into * 0.6],
        batch=16, rounds=100, patience=3, rate=0.05, chance=chance,
    )  # fmt: skip

    assert found[0] == pytest.approx(0.6, abs=0.1)  # on its way from 0.5 to 1, which it would learn
    assert "64 rows" in note
    assert int(note.split(" rounds")[0].split()[-1]) < 20
