"""The narrow network misses what does not go together, and says which feature it was."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from leadline.fitted import Unfit, one_thread
from models import autoencoder
from models.autoencoder import Network
from tests.anomalies import planted, table, usual
from tests.doors import ROOT

SETTINGS = {**autoencoder.FITTED.settings, "rounds": 25, "batch": 64}
USUAL = usual(60, 61, 12, 4)
GIVEN = table(USUAL[:-1], 0.9)
FRESH = """
import hashlib, pickle, sys
sys.path.insert(0, ".")
from leadline.fitted import one_thread
from tests.models import test_autoencoder as test
with one_thread():
    print(hashlib.sha256(pickle.dumps(test.fitted())).hexdigest())
"""


def fitted() -> Network:
    return autoencoder.fit(GIVEN, SETTINGS, 3)


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    with one_thread():
        yield


@pytest.fixture(scope="module")
def network() -> Network:
    return fitted()


def scores(network: Network, values: Any) -> Any:
    return np.array(
        [row["score"] for row in autoencoder.score(network, table(values[-1:], 0.9, 8))]
    )


@pytest.mark.soak
@pytest.mark.parametrize(("n_loud", "size"), [(1, 5), (3, 3)])
def test_four_of_five_planted_anomalies_are_among_the_oddest_hundredth(
    network: Network, n_loud: int, size: float
) -> None:
    cut = np.quantile(autoencoder.learned(network, GIVEN), 0.99)

    odd = scores(network, planted(USUAL, range(60), n_loud, size, 5))
    even = scores(network, USUAL)

    assert (odd > cut).mean() >= 0.8
    assert (even > cut).mean() <= 0.05


def test_the_part_of_the_moved_feature_is_the_largest_and_parts_add_up(network: Network) -> None:
    values = USUAL[-1:].copy()
    values[0, 0, 7] += 8

    row = next(autoencoder.score(network, table(values)))

    assert next(iter(row["parts"])) == "f7_z"
    assert sum(row["parts"].values()) == pytest.approx(row["score"], abs=1e-4)


def test_the_same_rows_and_seed_give_the_same_bits(network: Network) -> None:
    assert pickle.dumps(fitted()) == pickle.dumps(network)


@pytest.mark.soak
def test_another_process_gives_the_same_bits() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", FRESH], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]

    assert said[0].stdout == said[1].stdout
    assert [each.stderr for each in said] == ["", ""]


def test_what_is_not_told_is_held_against_nobody(network: Network) -> None:
    values = USUAL[-1:, :2].copy()
    values[0, 0, 3] = 30
    given = table(values)
    column = pa.array([None, float(values[0, 1, 3])])

    loud, _ = autoencoder.score(network, given)
    silent, _ = autoencoder.score(
        network, given.set_column(given.column_names.index("f3_z"), "f3_z", column)
    )

    assert silent["score"] < loud["score"] / 20
    assert "f3_z" not in silent["parts"]


def test_a_row_without_a_feature_says_so(network: Network) -> None:
    (row,) = autoencoder.score(network, table(USUAL[-1:, :1], 0))

    assert row["reason"] == "none of the features that it knows is told"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (GIVEN.slice(0, 499), "499 of the 500 rows that it needs are there"),
        (GIVEN.slice(0, 1), "1 of the 500 rows that it needs are there"),
        (table(np.ones((30, 20, 12))), "0 of its 12 features tell anything that changes"),
        (table(USUAL, 0), "0 of its 12 features tell anything that changes"),
        (table(usual(600, 1, 12, 4)), "all of its rows are of one session"),
    ],
)
def test_what_cannot_be_fitted_says_why(given: pa.Table, why: str) -> None:
    with pytest.raises(Unfit) as caught:
        autoencoder.fit(given, SETTINGS, 3)

    assert str(caught.value) == why
