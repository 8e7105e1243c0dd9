"""leadline demo fills a folder of its own, says so, and leaves the user's store alone."""

import shutil
from pathlib import Path

import pytest

from tests.desks import ROOT, SmallDesk, run, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project whose only feeds are the calendars and one sample."""
    desk = small_desk(tmp_path / "desk")
    shutil.copytree(ROOT / "sql" / "tables", desk.root / "sql" / "tables", dirs_exist_ok=True)
    for name in ("sessions", "_sample", "sample_insiders"):
        shutil.copy(ROOT / "loaders" / f"{name}.py", desk.write(f"loaders/{name}.py", ""))
    return desk


def test_it_fills_a_folder_beside_the_store_and_says_what_it_did(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    ended = run(desk.root, "demo", "--no-serve")

    told = ended.err.splitlines()
    assert (ended.code, ended.out) == (0, "")
    assert [line.split(":")[0] for line in told[:2]] == ["sessions", "sample_insiders"]
    assert told[2].startswith(
        f"{desk.root}/demo: holds the sample week of 2024-02-12 to 2024-02-16"
    )
    count = run(
        desk.root, "--store", desk.root / "demo", "sql",
        "select count(*) > 0 from raw.insider_transactions", "--format", "csv",
    )  # fmt: skip
    assert count.out.splitlines()[1] == "true"


def test_run_again_it_adds_nothing(desk: SmallDesk) -> None:
    run(desk.root, "demo", "--no-serve")

    ended = run(desk.root, "demo", "--no-serve")

    assert ended.code == 0
    assert ended.err.splitlines()[1] == "sample_insiders: added 0 rows"
    assert "it was all there" in ended.err


def test_it_never_mixes_with_other_loads(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    ended = run(desk.root, "demo", "--no-serve", "--into", desk.root / "store")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"{desk.root}/store: it holds loads of test, and the demo mixes with no other; "
        "name a folder of its own with --into\n"
    )
