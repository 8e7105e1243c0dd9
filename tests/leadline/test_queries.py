"""Questions that were saved."""

from pathlib import Path

import pytest

from leadline import queries
from leadline.errors import ConfigError
from leadline.names import tables_of
from leadline.project import STARTER
from leadline.queries import Saved
from tests.doors import ROOT, catalog


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    sql = "-- mine\nselect *\nfrom curated.alerts\nwhere entity = $symbol"
    saved = Saved("mine", sql, "What\n it asks.", {"symbol": "A&B=C", "n": ""}, "2024-02-12", "")
    path = queries.write(tmp_path, saved)
    found = queries.read(tmp_path, "mine")

    assert path == tmp_path / "queries/mine.sql"
    assert found == Saved("mine", sql, "What it asks.", saved.binds, "2024-02-12", "")
    assert queries.names(tmp_path) == ["mine"]
    assert [each.name for each in path.parent.iterdir()] == ["mine.sql"]


def test_one_of_the_same_name_is_written_over_by_who_has_opened_it(tmp_path: Path) -> None:
    queries.write(tmp_path, Saved("mine", "select 1"))
    with pytest.raises(ConfigError, match="mine: it is saved already"):
        queries.write(tmp_path, Saved("mine", "select 2"))
    queries.write(tmp_path, Saved("mine", "select 2"), is_known=True)

    assert queries.read(tmp_path, "mine").sql == "select 2"


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", "a/b", "x" * 65, ".a", "a.sql"])
def test_a_name_is_no_way_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="is no name of a query"):
        queries.write(tmp_path, Saved(name, "select 1"))
    with pytest.raises(ConfigError, match="no query is saved"):
        queries.read(tmp_path, name)
    assert not (tmp_path / "queries").exists()


def test_nothing_is_saved_of_nothing_and_into_no_installation(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="it is empty"):
        queries.write(tmp_path, Saved("mine", " \n"))
    with pytest.raises(ConfigError, match=r"put a leadline\.toml where you work"):
        queries.write(STARTER, Saved("mine", "select 1"))


def test_a_file_that_can_not_be_read_says_so_beside_the_others(tmp_path: Path) -> None:
    queries.write(tmp_path, Saved("good", "select 1"))
    (tmp_path / "queries/bad.sql").write_text("-- waht: x\nselect 1\n")
    (tmp_path / "queries/odd.sql").write_bytes(b"\xff\xfe")
    bad, good, odd = queries.listed(tmp_path)

    assert "unknown header key 'waht'; did you mean 'what'" in bad.what
    assert good.sql == "select 1"
    assert odd.name == "odd"
    assert odd.what


def test_an_unknown_name_says_what_is_near(tmp_path: Path) -> None:
    queries.write(tmp_path, Saved("sweeps", "select 1"))
    with pytest.raises(ConfigError, match=r"swepes: .*did you mean 'sweeps'"):
        queries.read(tmp_path, "swepes")


@pytest.mark.parametrize("name", queries.names(ROOT))
def test_what_comes_along_names_views_that_are_there(name: str) -> None:
    found = queries.read(ROOT, name)
    known = {*catalog().views, *(f"raw.{each}" for each in catalog().contracts)}

    assert found.what.endswith(".")
    assert set(tables_of(found.sql)) <= known
