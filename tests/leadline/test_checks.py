"""Checks are asked over a span, one by one, and what each found is kept."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from leadline import checks, clock
from leadline.clock import Span
from leadline.errors import ViewError
from tests.desks import SmallDesk, at, checked_desk
from tests.doors import rows

DAY = Span(at("05 00:00"), at("06 00:00"))


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    """Lay out a small project with two checks of its prints."""
    desk = checked_desk(tmp_path / "desk")
    desk.prints(("a", -1, "05 15:00"), ("b", 5, "05 16:00"), ("c", -2, "06 15:00"))
    return desk


def test_a_check_finds_the_bad_rows_of_its_span_alone(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        (found,) = checks.look(house, checks.named(house, ["prints.negative"]), DAY)

    assert (found.state, found.n_bad, found.n_looked_at) == ("failing", 1, 2)
    assert [(row["entity"], row["evidence"]) for row in found.sample] == [("a", {"price": -1})]


def test_at_most_five_bad_rows_are_shown_and_all_are_counted(desk: SmallDesk) -> None:
    desk.prints(*((f"n{n}", -n, "05 17:00") for n in range(1, 9)), feed="more")

    with desk.warehouse() as house:
        (found,) = checks.look(house, checks.named(house, ["prints.negative"]), DAY)

    assert (found.n_bad, len(found.sample)) == (9, 5)


def test_one_that_cannot_be_asked_is_a_finding_and_the_others_go_on(desk: SmallDesk) -> None:
    text = (desk.root / "sql/checks/prints/negative.v1.sql").read_text()
    broken = text.replace("prints.price < 0", "error('too odd') = 1")
    desk.write("sql/checks/prints/broken.v1.sql", broken)

    with desk.warehouse() as house, desk.store() as store:
        found = list(checks.look(house, checks.named(house), DAY))
        checks.keep(store, found)
        kept = {row["check_id"]: row for row in rows(house.ask("ops.checks", *forever()))}

    assert {each.check.id: each.state for each in found} == {
        "prints.broken": "broken", "prints.large": "ok", "prints.negative": "failing",
    }  # fmt: skip
    assert kept["prints.broken"]["reason"] == "too odd"
    assert kept["prints.negative"]["state"] == "failing"


def test_a_check_is_due_when_its_every_is_over_and_when_it_has_changed(desk: SmallDesk) -> None:
    with desk.warehouse() as house, desk.store() as store:
        named = checks.named(house, ["prints.negative"])
        first = checks.due(house, named, clock.now())
        checks.keep(store, list(checks.look(house, named, DAY)))
        soon, later = (
            checks.due(house, named, clock.now() + wait)
            for wait in (timedelta(minutes=1), timedelta(hours=2))
        )
    path = "sql/checks/prints/negative.v1.sql"
    desk.write(path, (desk.root / path).read_text().replace("< 0", "< 1"))
    with desk.warehouse() as house:
        changed = checks.due(house, checks.named(house, ["prints.negative"]), clock.now())

    assert (len(first), len(soon), len(later), len(changed)) == (1, 0, 1, 1)


def test_an_unknown_check_is_told_with_the_nearest(desk: SmallDesk) -> None:
    with desk.warehouse() as house, pytest.raises(ViewError, match=r"did you mean 'prints.large'"):
        checks.named(house, ["prints.larg"])


def test_a_check_without_its_five_columns_is_told(desk: SmallDesk) -> None:
    path = "sql/checks/prints/negative.v1.sql"
    text = (desk.root / path).read_text().replace("print_id as entity", "print_id as who")
    desk.write(path, text)

    with pytest.raises(ViewError, match="not the five of a check in their order"), desk.warehouse():
        pass


def forever() -> tuple[datetime, datetime]:
    return clock.BEGINNING, clock.FOREVER
