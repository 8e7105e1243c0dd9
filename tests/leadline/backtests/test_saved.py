"""What a set told is kept whole, and is found by what made it."""

from pathlib import Path

import pyarrow as pa
import pytest

from leadline.backtests import grid
from leadline.backtests.bench import Told
from leadline.backtests.saved import FOLDER, Saved
from tests.moving_desk import moving_desk


def test_a_set_is_found_again_until_the_run_is_whole(tmp_path: Path) -> None:
    catalog = moving_desk(tmp_path / "desk").catalog()
    views = grid.versions(catalog, "prices.mark")
    first, second = grid.trials(catalog, views, {"min_weight": ["1", "2"]}, {})
    told = Told(7, pa.table({"a": [1]}), pa.table({"b": [0.5]}), pa.table({"c": ["x"]}))
    saved = Saved(tmp_path, "key")

    saved.keep(first, told)
    (tmp_path / FOLDER / "key" / f"{second.fingerprint}.part").mkdir()

    assert saved.find(first) == told
    assert saved.find(second) is None  # begun, and not whole
    assert Saved(tmp_path, "other").find(first) is None
    saved.drop()
    assert saved.find(first) is None


def test_forgetting_that_is_broken_off_leaves_no_set_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = moving_desk(tmp_path / "desk").catalog()
    (trial,) = grid.trials(catalog, grid.versions(catalog, "prices.mark"), {}, {})
    saved = Saved(tmp_path, "key")
    one = pa.table({"a": [1]})
    saved.keep(trial, Told(7, one, one, one))

    with monkeypatch.context() as broken:
        broken.setattr("shutil.rmtree", lambda path, **_: (path / "n_alerts").unlink(True))
        saved.drop()

    assert saved.find(trial) is None
    saved.keep(trial, Told(8, one, one, one))
    saved.drop()
    assert list((tmp_path / FOLDER).iterdir()) == []
