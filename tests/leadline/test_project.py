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

    with pytest.raises(ConfigError, match=r"holds no leadline.toml and sql/detectors"):
        project.root()


def test_feeds_are_files_and_none_is_imported(tmp_path: Path) -> None:
    loaders = made(tmp_path) / "loaders"
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


def test_settings_without_detectors_are_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (made(tmp_path) / "below").mkdir()
    (tmp_path / "below" / "leadline.toml").touch()
    monkeypatch.delenv("LEADLINE_PROJECT", raising=False)
    monkeypatch.chdir(tmp_path / "below")

    assert project.root() == tmp_path


def test_a_folder_that_is_no_project_is_told_as_it_was_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LEADLINE_PROJECT", "nowhere")

    with pytest.raises(ConfigError) as told:
        project.root()

    said = "'nowhere' holds no leadline.toml and sql/detectors; name a project"
    assert str(told.value) == f"LEADLINE_PROJECT: {said}"
