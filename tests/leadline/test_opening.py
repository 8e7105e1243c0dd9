"""A question opens the files that its views read, and of kept days none."""

from tests.desks import SmallDesk, at
from tests.leadline.test_kept import MOVES, desk, keep, laid

__all__ = ["desk", "laid"]


def opened(desk: SmallDesk, since: str, until: str) -> dict[str, list[str]]:
    """Return the days of the files that a question names, by the variable that names them."""
    with desk.warehouse() as house:
        cursor = house.cursor("features.hours", at(since), at(until))
        names = ("files_prints", "files_prints_of_features_hours", "kept_features_hours_files")
        found = {}
        for name in names:
            ((paths,),) = cursor.execute(f"select getvariable('{name}')").fetchall()
            found[name] = [path.split("2024-03-")[1][:2] for path in paths or ()]
    return found


def test_a_question_opens_the_files_of_its_span(desk: SmallDesk) -> None:
    assert opened(desk, "06 00:00", "06 12:00")["files_prints"] == ["06"]


def test_of_kept_days_their_own_files_are_opened_alone(desk: SmallDesk) -> None:
    keep(desk)

    assert opened(desk, "05 12:00", "07 12:00") == {
        "files_prints": ["05", "06", "07"],
        "files_prints_of_features_hours": ["05", "07"],
        "kept_features_hours_files": ["06"],
    }


def test_a_day_to_whose_end_the_next_looks_back_is_opened_too(desk: SmallDesk) -> None:
    desk.write("sql/views/curated/plain.v1.sql", MOVES)
    keep(desk)

    found = opened(desk, "05 00:00", "07 12:00")

    assert found["files_prints_of_features_hours"] == ["06", "07"]
    assert found["kept_features_hours_files"] == ["05", "06"]
