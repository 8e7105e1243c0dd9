from pathlib import Path

import pytest

from leadline import lock
from leadline.catalog import Catalog
from leadline.errors import ViewError
from tests.desks import FOLLOWED, HIGH, SmallDesk, small_desk

VIEW = "sql/views/curated/followed.v1.sql"
DETECTOR = "sql/detectors/prices/high.v1.sql"


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project whose live views are frozen."""
    desk = small_desk(tmp_path / "desk")
    lock.freeze(Catalog(desk.root))
    return desk


def problems(desk: SmallDesk) -> list[str]:
    """Return what the lock says of the project as it is now."""
    return lock.problems(Catalog(desk.root))


def test_what_was_just_frozen_holds(desk: SmallDesk) -> None:
    assert problems(desk) == []
    assert sorted(lock.read(desk.root)) == [DETECTOR, VIEW]


def test_a_changed_literal_needs_a_new_version(desk: SmallDesk) -> None:
    desk.write(DETECTOR, HIGH.replace("100 as", "101 as"))

    found = problems(desk)

    assert found == [
        f"{DETECTOR}: its meaning is frozen and has changed; copy it to high.v2.sql, "
        f"write changed:, and bring this one back"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-- a hundred", "-- one hundred; a guess"),
        ("    select 100 as min_price", "    select\n        100   as min_price"),
        ("cross join params", "CROSS JOIN params"),
        ("-- noisy:   when prices are high", "-- noisy:   when all prices are high"),
    ],
)
def test_comments_layout_and_case_change_no_meaning(desk: SmallDesk, old: str, new: str) -> None:
    desk.write(DETECTOR, HIGH.replace(old, new))

    found = problems(desk)

    assert found == []


def test_the_case_of_a_quoted_text_is_meaning(desk: SmallDesk) -> None:
    desk.write(DETECTOR, HIGH.replace("'bull'", "'Bull'"))

    found = problems(desk)

    assert len(found) == 1


def test_drafts_are_free(desk: SmallDesk) -> None:
    draft = "sql/detectors/prices/low.v1.sql"
    desk.write(draft, HIGH.replace("live", "draft"))
    frozen = lock.freeze(Catalog(desk.root))
    desk.write(draft, HIGH.replace("live", "draft").replace("100 as", "7 as"))

    found = problems(desk)

    assert (frozen, found) == ([], [])


def test_a_new_live_file_waits_for_the_lock(desk: SmallDesk) -> None:
    path = "sql/views/curated/again.v1.sql"
    desk.write(path, FOLLOWED)

    found = problems(desk)
    frozen = lock.freeze(Catalog(desk.root))

    assert found == [f"{path}: it is live and not in sql/versions.lock; run leadline lock"]
    assert frozen == [path]
    assert problems(desk) == []


def test_a_frozen_file_that_is_gone_is_told(desk: SmallDesk) -> None:
    (desk.root / DETECTOR).unlink()

    found = problems(desk)

    assert found == [f"{DETECTOR}: it is frozen and gone; its alerts need it, bring it back"]


def test_a_frozen_file_is_no_draft_again(desk: SmallDesk) -> None:
    desk.write(DETECTOR, HIGH.replace("live", "draft"))

    found = problems(desk)

    assert found == [f"{DETECTOR}: it is frozen and says draft; a released view is live or retired"]


def test_a_retired_file_stays_frozen(desk: SmallDesk) -> None:
    desk.write(DETECTOR, HIGH.replace("live", "retired"))

    assert problems(desk) == []


def test_freezing_changes_no_line_of_a_changed_file(desk: SmallDesk) -> None:
    before = (desk.root / lock.FILE).read_text()
    desk.write(DETECTOR, HIGH.replace("100 as", "101 as"))

    with pytest.raises(ViewError, match="its meaning is frozen and has changed"):
        lock.freeze(Catalog(desk.root))

    assert (desk.root / lock.FILE).read_text() == before


def test_a_broken_line_of_the_lock_is_told(desk: SmallDesk) -> None:
    path = desk.root / lock.FILE
    path.write_text(path.read_text() + "<<<<<<< ours\n")

    with pytest.raises(ViewError) as told:
        problems(desk)

    assert str(told.value) == f"{path}:3: '<<<<<<< ours' is no path and its digest; bring it back"
