"""What is made from a template is as good as what was written by hand, and replaces nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leadline import lock, project, template
from leadline.catalog import Catalog
from leadline.errors import ConfigError
from tests.desks import SmallDesk, run

ROOT = Path(__file__).parents[2]
MADE = {"detector": "prices.jump", "loader": "acme_bars", "page": "desk_notes"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a desk and one new thing of each kind in it."""
    place = tmp_path_factory.mktemp("made") / "desk"
    template.make_desk(place)
    for kind, name in MADE.items():
        template.make(kind, name, place)
    return place


@pytest.fixture(scope="module")
def catalog(desk: Path) -> Catalog:
    return Catalog(desk)


@pytest.fixture(scope="module")
def ours() -> Catalog:
    return Catalog(ROOT)


def tools(place: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a tool of Python's in a project, with the engine beside it or else of these tests."""
    env = os.environ | {"PYTHONPATH": f"{place}:{ROOT}"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=place, env=env, text=True, capture_output=True
    )


def test_a_desk_holds_the_content_and_room_for_its_tests(
    desk: Path, catalog: Catalog, ours: Catalog
) -> None:
    assert catalog.views.keys() >= ours.views.keys()
    assert project.feeds(desk).keys() >= project.feeds(ROOT).keys()
    assert (desk / "leadline.toml").read_text() == (ROOT / "leadline.toml").read_text()
    assert (desk / "tests" / "sql" / "detectors" / "options").is_dir()
    assert not list(desk.rglob("__pycache__"))


def test_a_desk_is_as_the_lock_has_it(catalog: Catalog, ours: Catalog) -> None:
    assert lock.problems(catalog) == lock.problems(ours)


def test_a_new_detector_is_a_draft_that_says_everything(catalog: Catalog) -> None:
    view = catalog.find("prices.jump")

    assert (view.version, view.status) == (1, "draft")
    said = ("rule", "what", "grain", "every", "needs", "misses", "noisy")
    assert all(view.header.get(key) for key in said)


@pytest.mark.soak
def test_new_things_need_nothing_else_to_be_touched(tmp_path: Path) -> None:
    for name in ("leadline", "loaders", "models", "panel_app", "sql", "docs", "tests", ".ci"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("README.md", "leadline.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for kind, name in MADE.items():
        template.make(kind, name, tmp_path)

    # The house's own tests of every file, and those that come with the new ones.
    ended = tools(
        tmp_path, "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not real",
        "-k", "not _v1 or jump",  # of the views the new one alone
        "tests/test_house.py", "tests/sql/detectors/prices", "tests/loaders/test_acme_bars.py",
        "tests/panel_app/pages/test_desk_notes.py",
    )  # fmt: skip

    assert ended.returncode == 0, ended.stdout
    for told in (
        "test_every_detector_has_a_case_that_fires_and_one_that_stays_quiet"
        "[detectors.prices_jump_v1] PASSED",
        "test_only_the_portable_list_is_used[detectors.prices_jump_v1] PASSED",
        "test_every_loader_that_asks_a_source_has_a_recorded_message[acme_bars] PASSED",
        "tests/sql/detectors/prices/jump.v1.sql::",
        "tests/loaders/test_acme_bars.py::",
        "tests/panel_app/pages/test_desk_notes.py::",
    ):
        assert told in ended.stdout


def test_new_things_are_laid_out_as_the_house_wants(desk: Path) -> None:
    made = [str(path) for name in ("acme_bars", "desk_notes") for path in desk.rglob(f"*{name}.py")]
    # A desk's own imports and the engine's stand together, as they do in a checkout.
    together = f"src = ['{ROOT}', '{desk}']"
    settings = ("--config", str(ROOT / "pyproject.toml"), "--config", together, "--no-cache")

    ended = [
        tools(desk, "ruff", "format", "--check", *settings, *made),
        tools(desk, "ruff", "check", *settings, "--extend-ignore", "D101,D102,D103", *made),
    ]

    assert len(made) == 4
    assert [each.stdout for each in ended if each.returncode] == []


def test_a_new_loader_loads_into_a_store(desk: Path, tmp_path: Path) -> None:
    copied = tmp_path / "desk"
    shutil.copytree(desk, copied)
    SmallDesk(copied).sessions()
    message = copied / "tests" / "loaders" / "messages" / "acme_bars_202403.csv"

    ended = run(copied, "load", "acme_bars", "--from", message)

    assert (ended.code, ended.err.splitlines()[-1]) == (0, "acme_bars: added 3 rows in 1 loads")


@pytest.mark.parametrize(
    ("kind", "name", "like"),
    [
        ("detector", "sweep", "options.sweep"),
        ("detector", "Options.Sweep", "options.sweep"),
        ("detector", "options.sweep.v2", "options.sweep"),
        ("detector", "../x.y", "options.sweep"),
        ("loader", "deribit", "deribit_trades"),
        ("loader", "deribit_Trades", "deribit_trades"),
        ("loader", "_private_x", "deribit_trades"),
        ("page", "my flow", "flow"),
        ("page", "../flow", "flow"),
        ("page", "", "flow"),
        ("page", "import", "flow"),
    ],
)
def test_a_bad_name_is_told_with_a_good_one(
    tmp_path: Path, kind: str, name: str, like: str
) -> None:
    with pytest.raises(ConfigError, match=rf"^'.*' is .*; a good one is .*, as {like}$"):
        template.make(kind, name, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_name_that_looks_like_a_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'prices\.jump_v2' names a version; a new detector is"):
        template.make("detector", "prices.jump_v2", tmp_path)


@pytest.mark.parametrize("name", ["options.oi_change", "options_oi.change"])
def test_a_detector_whose_name_is_taken_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"oi_change\.v1\.sql: it is there already; choose ano"):
        template.make("detector", name, ROOT)


def test_nothing_is_written_where_one_of_the_files_is_there(tmp_path: Path) -> None:
    test = tmp_path / "tests" / "loaders" / "test_acme_bars.py"
    test.parent.mkdir(parents=True)
    test.write_text("mine")

    with pytest.raises(ConfigError, match=r"test_acme_bars\.py: it is there already; choose ano"):
        template.make("loader", "acme_bars", tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [test]
    assert test.read_text() == "mine"


@pytest.mark.parametrize("name", ["a_file", "a_folder"])
def test_a_desk_replaces_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "a_file").write_text("mine")
    (tmp_path / "a_folder").mkdir()
    (tmp_path / "a_folder" / "mine").touch()

    with pytest.raises(ConfigError, match="it is there already; name a new folder"):
        template.make_desk(tmp_path / name)


def test_an_empty_folder_becomes_a_desk(tmp_path: Path) -> None:
    template.make_desk(tmp_path)

    assert (tmp_path / "sql" / "detectors").is_dir()
    assert [path.name for path in tmp_path.parent.glob(".leadline-*")] == []


def test_an_installations_own_project_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "STARTER", tmp_path)

    with pytest.raises(ConfigError, match=r"put a leadline\.toml where you work"):
        template.make("page", "flow", tmp_path)
