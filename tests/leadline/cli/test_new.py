import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from leadline.catalog import Catalog
from tests.desks import SmallDesk, house_copy, run

ROOT = Path(__file__).parents[3]


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    return house_copy(tmp_path / "desk")


def test_what_is_written_is_listed_and_what_to_do_is_said(desk: SmallDesk) -> None:
    ended = run(desk.root, "new", "detector", "prices.jump")

    written = [Path(line).resolve().relative_to(desk.root) for line in ended.out.splitlines()]
    assert ended.code == 0
    assert [str(path) for path in written] == [
        "sql/detectors/prices/jump.v1.sql", "tests/sql/detectors/prices/jump.v1.sql"
    ]  # fmt: skip
    assert ended.err == (
        "now rewrite it; leadline check binds it, leadline sql 'from detectors.prices_jump' asks\n"
    )


def test_new_things_pass_the_check_and_are_there(desk: SmallDesk) -> None:
    for words in (("detector", "prices.jump"), ("loader", "acme_bars"), ("page", "desk_notes")):
        assert run(desk.root, "new", *words).code == 0

    after, asked = run(desk.root, "check"), run(desk.root, "sql", "from detectors.prices_jump")

    assert after.code == 0, after.err
    assert "acme_bars" in run(desk.root, "feeds").out
    assert (desk.root / "panel_app" / "pages" / "desk_notes.py").is_file()
    assert asked.code in (0, 1)


def test_a_name_that_is_taken_is_one_sentence(desk: SmallDesk) -> None:
    ended = run(desk.root, "new", "loader", "finra_short_volume")

    path = desk.root / "loaders" / "finra_short_volume.py"
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{path}: it is there already; choose another name\n"


def test_a_checkout_is_told_where_its_docs_name_it(desk: SmallDesk) -> None:
    desk.write("docs/loaders.md", "# Loaders\n")

    ended = run(desk.root, "new", "loader", "acme_bars")

    assert "docs/loaders.md names every loader: say there what this one does" in ended.err


def test_a_desk_is_a_project_of_its_own(desk: SmallDesk, tmp_path: Path) -> None:
    place = tmp_path / "mine"

    ended = run(desk.root, "new", "desk", place)

    assert ended.code == 0
    assert set(map(Path, ended.out.splitlines())) >= {place / "sql", place / "loaders"}
    assert run(place, "config").code == 0


def test_an_installation_makes_a_desk_and_keeps_its_own_content(tmp_path: Path) -> None:
    site = installed(tmp_path / "site")
    env = {name: value for name, value in os.environ.items() if "LEADLINE" not in name}

    def leadline(*words: str, cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "leadline", *words],
            cwd=cwd, env=env | {"PYTHONPATH": str(site)}, text=True, capture_output=True,
        )  # fmt: skip

    (tmp_path / "own").mkdir()
    page = leadline("new", "page", "desk_notes", cwd=tmp_path / "own")
    wrong = leadline("new", "page", "desk-notes")
    made = leadline("new", "desk", "desk")
    new = leadline("new", "detector", "prices.jump", cwd=tmp_path / "desk")

    assert (page.returncode, wrong.returncode) == (0, 1)
    assert "own: this is a project now, which lies over what leadline brings" in page.stderr
    assert (tmp_path / "own" / "panel_app" / "pages" / "desk_notes.py").is_file()
    assert not (tmp_path / "leadline.toml").exists()
    assert not (site / "leadline" / "starter" / "panel_app" / "pages" / "desk_notes.py").exists()
    assert (made.returncode, new.returncode) == (0, 0)
    assert Catalog(tmp_path / "desk").find("prices.jump").status == "draft"


def installed(site: Path) -> Path:
    """Lay the package and its content out as a wheel does, by what pyproject.toml says of it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = {name: name for name in wheel["packages"]} | wheel["force-include"]
    for source, target in named.items():
        (site / target).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, site / target, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / source, site / target)
    return site
