from datetime import UTC, datetime, timedelta
from pathlib import Path

from leadline.reach import reaches
from tests.desks import at, small_desk
from tests.leadline.test_build import FOLLOWED, WEEK


def test_needs_add_up_on_the_way_to_a_dataset(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.write("sql/views/curated/followed.v1.sql", FOLLOWED)
    desk.write("sql/views/features/week.v1.sql", WEEK)
    desk.sessions()

    with desk.warehouse() as house:
        house.refresh()
        found = reaches(house, at("05 15:00"))

    assert found["raw.prints"].opened == datetime(2024, 2, 26, 20, 58, 30, tzinfo=UTC)
    # Six sessions take two weekends where the first is a Friday.
    assert found["raw.prints"].at_most == timedelta(days=10, seconds=90)
    assert found["curated.followed"].opened == datetime(2024, 2, 26, 21, tzinfo=UTC)
