"""A view answers from files with the first of them, and as before once none serves any more."""

from tests.desks import SmallDesk, at
from tests.leadline.test_kept import answers, desk, fresh, keep, laid

__all__ = ["desk", "laid"]


def test_files_that_come_while_a_house_is_open_serve_it(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        before = answers(house)
        keep(desk)
        house.look_at_kept()

        assert len(house.kept["features.hours"].files) == 3
        assert answers(house) == before


def test_a_view_of_which_no_file_serves_any_more_is_computed(desk: SmallDesk) -> None:
    keep(desk)
    with desk.warehouse() as house:
        answers(house)
        desk.load("names", [{"name": "5-0", "known_at": at("04 00:00")}], feed="names")

        found = answers(house)

        assert house.kept["features.hours"].files == {}
    assert found == fresh(desk)


def test_a_cursor_from_before_the_first_file_answers_as_it_did(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        rows = house.ask("features.hours", at("05 00:00"), at("08 00:00"))
        before = rows.aggregate("sum(price)").fetchall()
        keep(desk)
        house.look_at_kept()

        assert rows.aggregate("sum(price)").fetchall() == before
