"""Several processes store days as one does, and their files are whole whatever ends them."""

from contextlib import closing

import pytest

from leadline.crew import Crew, share
from leadline.engine import Engine
from leadline.errors import StoreError
from leadline.refresh import refresh
from tests.desks import SmallDesk
from tests.leadline.test_kept import LATER, answers, desk, fresh, laid

__all__ = ["desk", "laid"]
SETTINGS = {"threads": "1", "memory_limit": "300MB"}


def crew(desk: SmallDesk) -> Crew:
    return Crew(2, desk.root, {"store": str(desk.root / "store")}, SETTINGS, {})


def test_days_of_a_crew_are_those_of_one(desk: SmallDesk) -> None:
    before = fresh(desk)

    with desk.warehouse() as house:
        made = list(refresh(house, LATER, storing=lambda n_days: crew(desk).store))
        found = answers(house)

        assert len(house.kept["features.hours"].files) == 3
    assert sorted(each.day.day for each in made) == [5, 6, 7]
    assert found == before


def test_what_a_worker_can_not_write_is_told_and_ends_them_all(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        folder = house.kept["features.hours"].folder.own.parent
        folder.parent.mkdir(parents=True)
        folder.write_text("a file in the way")

        with pytest.raises(StoreError, match="run this again when there is room"):
            list(refresh(house, LATER, storing=lambda n_days: crew(desk).store))


def test_memory_and_threads_are_shared_out() -> None:
    with closing(Engine({"threads": "4", "memory_limit": "1GiB"})) as engine:
        shared = share(engine, 2)

    assert (shared["threads"], shared["memory_limit"]) == ("2", f"{512 * 2**20}B")
