"""The network foretells what goes on, so a session that does not follow from it stands out."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from leadline.fitted import Unfit, one_thread
from models import lstm
from models.lstm import Forecast, Grid
from tests.anomalies import planted, table, usual
from tests.doors import ROOT

SETTINGS = {**lstm.FITTED.settings, "rounds": 12, "batch": 64, "hidden": 8}
USUAL = usual(50, 75, 6, 4, keeps=0.95)
GIVEN = table(USUAL[:-1], 0.9)
LAST = table(USUAL[-31:])
FRESH = """
import hashlib, pickle, sys
sys.path.insert(0, ".")
from leadline.fitted import one_thread
from tests.models import test_lstm as test
with one_thread():
    print(hashlib.sha256(pickle.dumps(test.fitted())).hexdigest())
"""


def fitted() -> Forecast:
    return lstm.fit(GIVEN, SETTINGS, 3)


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    with one_thread():
        yield


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return fitted()


def scores(forecast: Forecast, values: Any) -> Any:
    return np.array([row["score"] for row in lstm.score(forecast, table(values[-31:]))])


def test_the_forecast_is_nearer_than_the_middle(forecast: Forecast) -> None:
    grid = Grid.of(table(USUAL), forecast.scale)
    cells = grid.cells(grid.sessions[max(grid.sessions)])

    off = grid.scaled[:, -1] - forecast.foretold(*grid.before(cells))

    assert (off**2).mean() < 0.8 * (grid.scaled[:, -1] ** 2).mean()


def test_most_of_planted_anomalies_are_among_the_oddest_hundredth(forecast: Forecast) -> None:
    cut = np.quantile(lstm.learned(forecast, GIVEN), 0.99)

    odd = scores(forecast, planted(USUAL, range(50), 3, 5, 5))

    assert (odd > cut).mean() >= 0.8
    assert (scores(forecast, USUAL) > cut).mean() <= 0.08


def test_a_session_alone_is_scored_and_each_part_is_told(forecast: Forecast) -> None:
    values = USUAL[-31:].copy()
    values[-1, 0, 2] += 12

    rows = list(lstm.score(forecast, table(values)))

    assert len(rows) == 50
    assert next(iter(rows[0]["parts"])) == "f2_z"
    assert sum(rows[0]["parts"].values()) == pytest.approx(rows[0]["score"], abs=1e-4)


@pytest.mark.soak
def test_the_same_rows_and_seed_give_the_same_bits(forecast: Forecast) -> None:
    assert pickle.dumps(fitted()) == pickle.dumps(forecast)


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


def test_who_has_no_past_or_tells_nothing_says_so(forecast: Forecast) -> None:
    days = LAST["session_date"].to_pylist()
    young = LAST.filter((pc.field("entity") != "S000") | (pc.field("session_date") > days[50 * 25]))
    silent = table(USUAL[-31:, :1] * np.nan, 0)

    (first, *others) = lstm.score(forecast, young)
    (nothing,) = lstm.score(forecast, silent)

    assert first["reason"] == "fewer than 10 of the 30 sessions before it are told"
    assert all("score" in row for row in others)
    assert nothing["reason"] == "none of the features that it knows is told"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (GIVEN.slice(0, 500), "0 of the 500 rows that it needs have 10 sessions before them"),
        (GIVEN.slice(0, 1), "0 of its 6 features tell anything that changes"),
        (table(np.ones((80, 20, 6))), "0 of its 6 features tell anything that changes"),
    ],
)
def test_what_cannot_be_fitted_says_why(given: pa.Table, why: str) -> None:
    with pytest.raises(Unfit) as caught:
        lstm.fit(given, SETTINGS, 3)

    assert str(caught.value) == why
