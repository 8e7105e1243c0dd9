from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING
from leadline.diff import Diff, diff
from leadline.errors import ViewError
from tests.desks import FOLLOWED, HIGH, SmallDesk, at, small_desk


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project with two versions of its detector."""
    desk = small_desk(tmp_path / "desk")
    second = HIGH.replace("100 as", "200 as").replace("price / 10", "price / 20")
    desk.write(
        "sql/detectors/prices/high.v2.sql",
        second.replace("-- misses", "-- changed: v1 saw too much\n-- misses"),
    )
    return desk


def compared(desk: SmallDesk, name: str, old: int = 1, new: int = 2) -> Diff:
    """Compare two versions over all of the test's time."""
    with desk.warehouse() as house:
        return diff(house, name, old, new, BEGINNING, at("06 00:00"))


def changes(found: Diff, column: str) -> list[tuple[str, Any]]:
    """Return each row's change and one of its columns."""
    return sorted((row["change"], row[column]) for row in found.rows.to_pylist())


def test_alerts_are_removed_added_or_changed_by_their_key(desk: SmallDesk) -> None:
    desk.prints(("a", 150, "05 15:00"), ("b", 250, "05 15:01"), ("c", 5_000, "05 15:02"))

    found = compared(desk, "prices.high")
    back = compared(desk, "prices.high", 2, 1)

    assert changes(found, "alert_key") == [
        ("changed", "prices.high|b"),
        ("removed", "prices.high|a"),
    ]
    assert changes(back, "alert_key") == [("added", "prices.high|a"), ("changed", "prices.high|b")]
    assert (found.n_same, back.n_same) == (1, 1)


def test_a_changed_alert_is_shown_as_the_new_version_has_it(desk: SmallDesk) -> None:
    desk.prints(("b", 250, "05 15:01"))

    (row,) = compared(desk, "prices.high").rows.to_pylist()

    assert (row["change"], row["score"]) == ("changed", 12.5)


def test_the_text_is_a_unified_diff(desk: SmallDesk) -> None:
    found = compared(desk, "prices.high")

    assert found.lines[:2] == ["--- high.v1.sql", "+++ high.v2.sql"]
    assert "-    select 100 as min_price  -- a hundred" in found.lines
    assert "+    select 200 as min_price  -- a hundred" in found.lines


def test_rows_without_a_key_are_compared_as_multisets(desk: SmallDesk) -> None:
    head, _, _ = FOLLOWED.partition("select")
    head = head.replace("90s", "90s\n-- changed: another price")
    desk.write("sql/views/curated/price.v1.sql", head + "select price from raw.prints\n")
    twice = "select price from raw.prints union all select price from raw.prints where price = 2\n"
    desk.write("sql/views/curated/price.v2.sql", head + twice)
    desk.prints(("a", 1, "05 15:00"), ("b", 2, "05 15:01"))

    found = compared(desk, "curated.price")

    assert changes(found, "price") == [("added", 2)]
    assert found.n_same == 2


def test_a_new_column_alone_changes_no_row(desk: SmallDesk) -> None:
    second = FOLLOWED.replace("90s", "90s\n-- changed: v1 did not say twice").replace(
        "price, known_at,", "price, known_at, price * 2 as twice,"
    )
    desk.write("sql/views/curated/followed.v2.sql", second)
    desk.prints(("a", 1, "05 15:00"))

    found = compared(desk, "curated.followed")

    assert (found.rows.num_rows, found.n_same) == (0, 1)


def test_a_version_that_is_not_there_is_told_with_those_that_are(desk: SmallDesk) -> None:
    with pytest.raises(ViewError) as told:
        compared(desk, "prices.high", 1, 7)

    assert str(told.value) == "prices.high: it has no version 7; it has 1, 2"
