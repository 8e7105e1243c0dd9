"""An answer can be asked again from what it says of itself."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.asked import Again, again, provenance_of
from leadline.clock import BEGINNING
from leadline.question import Questions
from tests.desks import HIGH, SmallDesk, at, small_desk
from tests.doors import alone

QUERY = "select headline, score from detectors.all_live where score >= $least"
UNTIL = at("06 00:00")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("asked") / "desk")
    desk.prints(("a", 50, "05 14:00"), ("b", 150, "05 15:00"), ("c", 2_500, "05 16:00"))
    return desk


@pytest.fixture
def told(desk: SmallDesk) -> dict[str, Any]:
    return said_of(desk, BEGINNING, params={"prices.high": {"min_price": 40}})


def said_of(desk: SmallDesk, since: datetime, **given: Any) -> dict[str, Any]:
    """Return what is said of an answer with all that is known at its end."""
    with desk.warehouse(**given) as house:
        snapshot = house.refresh()
        made = provenance_of(house, QUERY, since, UNTIL, {"least": 0}, snapshot=snapshot)
    return {**made.said, "n_rows": 3}


def asked(desk: SmallDesk, said: dict[str, Any]) -> Again:
    with alone() as engine, desk.store() as store:
        return again(desk.catalog(), store, engine, said)


def test_it_names_every_view_below_and_the_parameters_that_differ(told: dict[str, Any]) -> None:
    assert list(told["views"]) == ["curated.followed", "detectors.prices_high", "raw.prints"]
    assert told["views"]["detectors.prices_high"]["version"] == 1
    assert told["params"] == {"prices.high.v1": {"min_price": "40"}}
    assert (told["since"], told["until"]) == (None, "2024-03-06T00:00:00+00:00")
    assert (told["zone"], told["order"], told["binds"]) == ("UTC", "total", {"least": 0})


def test_asked_again_it_has_the_same_rows_with_its_own_parameters(
    desk: SmallDesk, told: dict[str, Any]
) -> None:
    with alone() as engine, desk.warehouse(engine=engine) as house:
        usual = Questions(house).answer(QUERY, BEGINNING, UNTIL, {"least": 0}).read_all()

    found = asked(desk, told)

    assert (usual.num_rows, found.n_rows, found.moved) == (2, 3, [])
    assert asked(desk, told).digest == found.digest


def test_a_span_cuts_again(desk: SmallDesk) -> None:
    said = said_of(desk, at("05 15:30"))

    assert said["since"] == "2024-03-05T15:30:00+00:00"
    assert asked(desk, said).n_rows == 1


def test_what_was_loaded_since_is_not_seen(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.prints(("a", 150, "05 14:00"))
    said = said_of(desk, BEGINNING)
    before = asked(desk, said)

    desk.prints(("b", 250, "05 14:30"), feed="later")

    assert asked(desk, said) == before
    assert asked(desk, said_of(desk, BEGINNING)).n_rows == 2


def test_a_view_that_has_changed_since_is_named(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.prints(("a", 150, "05 14:00"))
    said = said_of(desk, BEGINNING)

    desk.write("sql/detectors/prices/high.v1.sql", HIGH.replace("'bull'", "'bear'"))

    assert asked(desk, said).moved == ["detectors.prices_high"]


def test_an_older_version_is_asked_where_a_newer_one_is_in_force(tmp_path: Path) -> None:
    desk = small_desk(tmp_path / "desk")
    desk.prints(("a", 150, "05 14:00"))
    said = said_of(desk, BEGINNING)
    newer = HIGH.replace("-- misses", "-- changed: v1 was for few\n-- misses")
    desk.write("sql/detectors/prices/high.v2.sql", newer.replace("select 100", "select 9_000"))

    found = asked(desk, said)

    assert (found.n_rows, found.moved) == (1, [])
    assert asked(desk, said_of(desk, BEGINNING)).n_rows == 0


def test_the_union_of_alerts_is_in_order_too(desk: SmallDesk) -> None:
    with alone(2) as engine, desk.warehouse(engine=engine) as house:
        rows = Questions(house).answer(
            "select headline from detectors.all_live", BEGINNING, UNTIL, is_ordered=True
        )

        assert rows.read_all().column("headline").to_pylist() == ["print b", "print c"]


@pytest.fixture(autouse=True)
def _untouched(desk: SmallDesk) -> Iterator[None]:
    yield
    assert "least(100" in (desk.root / "sql/detectors/prices/high.v1.sql").read_text()
