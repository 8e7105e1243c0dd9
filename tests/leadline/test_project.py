"""A project is found by its folder, and its feeds by their files."""

from pathlib import Path

import pytest

from leadline import project
from leadline.errors import ConfigError, FeedError

ROOT = Path(__file__).parents[2]


def made(root: Path) -> Path:
    (root / "sql" / "detectors").mkdir(parents=True)
    (root / "leadline.toml").touch()
    return root


def test_the_nearest_project_above_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = made(tmp_path) / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.delenv("LEADLINE_PROJECT", raising=False)
    monkeypatch.chdir(below)

    assert project.root() == tmp_path


def test_outside_of_projects_it_is_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEADLINE_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path)

    assert project.root() == ROOT


def test_a_named_folder_that_is_no_project_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLINE_PROJECT", str(tmp_path))

    with pytest.raises(ConfigError, match=r"holds no leadline\.toml; name"):
        project.root()


def test_feeds_are_files_and_none_is_imported(tmp_path: Path) -> None:
    loaders = tmp_path / "loaders"  # which is no project, and lies over nothing
    loaders.mkdir()
    (loaders / "loud.py").write_text("raise RuntimeError('imported')")
    (loaders / "_private.py").touch()

    assert list(project.feeds(tmp_path)) == ["loud"]


def test_an_unknown_feed_is_told_with_the_nearest() -> None:
    with pytest.raises(FeedError) as told:
        project.feed(ROOT, "cboe_chain")

    said = "cboe_chain: no such feed; did you mean 'cboe_chains'; leadline feeds lists them"
    assert str(told.value) == said


def test_a_feed_is_a_module_with_a_card() -> None:
    assert project.feed(ROOT, "sessions").FEED.writes == ("sessions",)


def test_a_project_without_a_dashboard_takes_the_one_of_the_installation(tmp_path: Path) -> None:
    named = made(tmp_path / "named")

    module = project.room(named, "panel_app.text")
    assert module.__file__ == str(ROOT / "panel_app" / "text.py")


def test_the_project_that_is_named_is_taken_wherever_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, named = made(tmp_path / "here"), made(tmp_path / "named")
    monkeypatch.chdir(here)
    monkeypatch.setenv("LEADLINE_PROJECT", str(named))

    assert project.root() == named


def test_a_project_may_be_named_from_where_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = made(tmp_path / "named")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEADLINE_PROJECT", "named")

    assert project.root() == named


def test_settings_alone_make_a_project_that_lies_over_what_the_engine_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (below / "leadline.toml").touch()
    monkeypatch.delenv("LEADLINE_PROJECT", raising=False)
    monkeypatch.chdir(below)

    assert project.root() == below
    assert project.layers(below) == (below, ROOT)
    assert "sessions" in project.feeds(below)


def test_a_file_of_ones_own_stands_in_the_place_of_the_one_below(tmp_path: Path) -> None:
    own = made(tmp_path) / "loaders"
    own.mkdir()
    (own / "sessions.py").touch()
    (own / "acme_bars.py").touch()

    feeds = project.feeds(tmp_path)

    assert feeds["sessions"] == own / "sessions.py"
    assert feeds["acme_bars"] == own / "acme_bars.py"
    assert feeds["sec_13f"] == ROOT / "loaders" / "sec_13f.py"
    assert project.said(tmp_path, feeds["sec_13f"]) == "loaders/sec_13f.py"
    assert project.said(tmp_path, feeds["acme_bars"]) == "loaders/acme_bars.py"


def test_a_project_with_a_ledger_of_its_own_is_whole(tmp_path: Path) -> None:
    path = made(tmp_path) / "sql" / "tables" / "loads.sql"
    path.parent.mkdir()
    path.touch()

    assert project.layers(tmp_path) == (tmp_path,)
    assert list(project.found(tmp_path, "sql/tables/*.sql")) == ["sql/tables/loads.sql"]


def test_a_folder_that_is_no_project_is_told_as_it_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LEADLINE_PROJECT", "nowhere")

    with pytest.raises(ConfigError) as told:
        project.root()

    said = "'nowhere' holds no leadline.toml; name a project"
    assert str(told.value) == f"LEADLINE_PROJECT: {said}"
