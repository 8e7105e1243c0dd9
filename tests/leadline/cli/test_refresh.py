from pathlib import Path

import pytest

from tests.desks import SmallDesk, run, small_desk
from tests.leadline.test_kept import HOURS, PLAIN


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    desk = small_desk(tmp_path / "desk")
    desk.write("sql/views/curated/plain.v1.sql", PLAIN)
    desk.write("sql/views/features/hours.v1.sql", HOURS)
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "06 16:00"))
    return desk


def test_refresh_stores_each_closed_day_once(desk: SmallDesk) -> None:
    first = run(desk.root, "refresh")
    second = run(desk.root, "refresh", "features.hours")

    assert (first.code, first.out) == (0, "")
    assert [line.split(":")[0] for line in first.err.splitlines()] == [
        "features.hours 2024-03-05",
        "features.hours 2024-03-06",
        "2 days stored, of 1 views that keep them",
    ]
    assert second.err == "0 days stored, of 1 views that keep them\n"


def test_a_view_that_keeps_nothing_is_told(desk: SmallDesk) -> None:
    ended = run(desk.root, "refresh", "curated.plain")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "curated.plain: it keeps nothing\n"
