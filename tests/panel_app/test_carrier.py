"""A server's trail comes into its store by itself, and nothing is lost at its end."""

from pathlib import Path
from threading import Event

import pytest

from leadline.act import Act
from leadline.journal import rows
from leadline.trail import Trail
from panel_app.carrier import Carrier
from tests.desks import SmallDesk, small_desk
from tests.doors import ROOT


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    found = small_desk(tmp_path)
    found.write("sql/tables/acts.sql", (ROOT / "sql/tables/acts.sql").read_text())
    found.sessions()
    return found


def asked() -> Act:
    act = Act("ask", "night", "api", "/api/raw.prints")
    act.end()
    return act


def test_it_journals_and_carries_until_it_is_closed(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        trail = Trail(house.store.place)
        carrier = Carrier(trail, house, flush_s=0.01, fold_s=0.01)
        trail.count(asked())
        carrier.begin()
        was_there = Event()
        for _ in range(2_000):
            house.store.tables["acts"].refresh()
            if house.store.tables["acts"].paths():
                was_there.set()
                break
            Event().wait(0.01)
        carrier.close()

    assert was_there.is_set()


def test_its_end_journals_what_is_added_up(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        trail = Trail(house.store.place)
        carrier = Carrier(trail, house)
        carrier.begin()
        trail.count(asked())
        carrier.close()

    (path,) = trail.journal.take()
    assert [row["act"] for row in rows(path)] == ["ask"]


def test_a_trail_that_can_not_be_written_is_told_once(
    desk: SmallDesk, caplog: pytest.LogCaptureFixture
) -> None:
    with desk.warehouse() as house:
        (house.store.place.own / "_acts").write_text("no folder")
        trail = Trail(house.store.place)
        carrier = Carrier(trail, house)
        for _ in range(2):
            trail.count(asked())
            carrier._flush()

    assert [record.message for record in caplog.records] == [
        "audit: the trail can't be written, so what is asked is not kept"
    ]
