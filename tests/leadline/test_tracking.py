"""What was fitted is told to a real tracker in a folder: once, and never in the way of a fit."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadline import tracking
from leadline.errors import MissingError
from tests.desks import SmallDesk, at, run
from tests.doors import ROOT
from tests.fits import learning_desk, prices, walk

NOWHERE = "http://me:key@127.0.0.1:9"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Two months of fits of one model."""
    desk = learning_desk(tmp_path_factory.mktemp("tracking") / "desk")
    prices(desk, date(2024, 3, 4), range(100, 165))
    assert len(walk(desk)) > 1
    return desk


def runs(place: Path) -> list[dict[str, Any]]:
    """Return what the tracker holds."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=str(place))
    experiment = client.get_experiment_by_name(tracking.EXPERIMENT)
    assert experiment
    return [{**run.data.to_dictionary()} for run in client.search_runs([experiment.experiment_id])]


def test_each_fit_is_a_run_once_however_often_it_is_told(desk: SmallDesk, tmp_path: Path) -> None:
    own, place, said = desk.copy(tmp_path / "desk"), tmp_path / "runs", list[str]()
    with own.warehouse() as house:
        first = tracking.track(house, str(place), said.append)
        again = tracking.track(house, str(place), said.append)
        (own.root / "store/_models/tracked.json").unlink()
        anew = tracking.track(house, str(place), said.append)
    held = runs(place)

    assert (first, again, anew, said) == (len(held), 0, len(held), [])
    fitted = [run for run in held if "score_p95" in run["metrics"]]
    assert {"model", "fit_id", "artefact_sha256", tracking.TAG} <= fitted[0]["tags"].keys()
    kept = own.root / "store/_models/distant" / fitted[0]["tags"]["fit_id"]
    with kept.open("rb") as file:
        assert json.loads(file.readline())["sha256"] == fitted[0]["tags"]["artefact_sha256"]
    assert fitted[0]["params"]["feature_view"] == "features.priced"


def test_a_backtest_is_told_when_it_has_ended(desk: SmallDesk, tmp_path: Path) -> None:
    own, place = desk.copy(tmp_path / "desk"), tmp_path / "runs"
    path = "sql/tables/backtest_runs.sql"
    own.write(path, (ROOT / path).read_text())
    told = {
        "detector": "prices.high", "version": 1, "since_at": at("01 00:00"),
        "until_at": at("10 00:00"), "recorded_until": at("11 00:00"), "n_trials": 2,
        "grid": '{"min_price": [1, 2]}', "settings": '{"seed": 3}', "trials": ["a", "b"],
        "started_at": at("12 00:00"), "known_at": at("12 00:00"),
    }  # fmt: skip
    ended = {"run_id": "one", "outcome": "done", "ended_at": at("12 01:00")}
    own.load("backtest_runs", [told | ended, told | {"run_id": "two", "outcome": "running"}])

    with own.warehouse() as house:
        tracking.track(house, str(place), print)

    (run,) = [run for run in runs(place) if run["tags"]["kind"] == "backtest"]
    assert (run["tags"]["run_id"], run["tags"]["detector"]) == ("one", "prices.high")
    assert (run["params"]["settings.seed"], run["metrics"]["n_trials"]) == ("3", 2.0)


def test_a_tracker_that_is_down_is_a_sentence_and_hears_it_the_next_time(
    desk: SmallDesk, tmp_path: Path
) -> None:
    own, said = desk.copy(tmp_path / "desk"), list[str]()
    with own.warehouse() as house:
        none = tracking.track(house, NOWHERE, said.append)
        (sentence,) = said
        told = tracking.track(house, str(tmp_path / "runs"), said.append)

    assert (none, told) == (0, len(runs(tmp_path / "runs")))
    assert sentence.startswith("tracking: 0 of ")
    assert "127.0.0.1" in sentence
    assert sentence.endswith("; the rest is told the next time")
    assert "key@" not in sentence


def test_without_the_library_it_is_a_sentence(
    desk: SmallDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "mlflow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mlflow", None)

    with desk.warehouse() as house, pytest.raises(MissingError, match=r"leadline\[mlflow\]"):
        tracking.track(house, str(tmp_path / "runs"), print)


def test_a_refresh_tells_it_where_a_tracker_is_named_and_else_nothing(
    desk: SmallDesk, tmp_path: Path
) -> None:
    own = desk.copy(tmp_path / "desk")
    silent = run(own.root, "refresh", "distant")
    own.write("leadline.toml", f'[tracking]\nmlflow = "{tmp_path / "runs"}"\n')

    told = run(own.root, "refresh", "distant")

    assert (silent.code, "tracking" in silent.err) == (0, False)
    assert (told.code, f"tracking: told {len(runs(tmp_path / 'runs')):,} runs" in told.err) == (
        0, True,
    )  # fmt: skip
