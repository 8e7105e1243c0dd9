"""The demo fills a store of its own, once, and the detectors find in it what was planted."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline import clock, demo
from leadline.errors import StoreError
from leadline.publication import OURS
from leadline.warehouse import Warehouse
from tests.desks import alerting, small_desk
from tests.doors import ROOT, door, opened

# Stretches of days, and changes of a Friday, begin in the week before the sample's; what traded
# off exchange on its Friday is told at night.
SINCE, UNTIL = datetime(2024, 2, 5, tzinfo=UTC), datetime(2024, 2, 17, 6, tzinfo=UTC)
PLANTED = {
    "crypto.imbalance", "filings.holder_change", "filings.insider_cluster", "filings.insider_flow",
    "filings.institutional_flow", "off_exchange.short_share", "options.oi_change",
    "prices.watch_move",
}  # fmt: skip
# One of each kind; the soak asks all whose alerts are planted.
NOW = {
    "crypto.imbalance", "filings.holder_change", "filings.insider_cluster",
    "off_exchange.short_share", "off_exchange.block", "options.oi_change", "options.sweep",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(sample: Path) -> Iterator[Warehouse]:
    """Open the house's own views over the sample week."""
    with door(sample) as house:
        yield house


@pytest.fixture(scope="module", params=["now", pytest.param("all", marks=pytest.mark.soak)])
def asked(request: pytest.FixtureRequest, house: Warehouse) -> set[str]:
    """Return detectors; whom nobody plants is not asked."""
    events = house.ask("raw.events", clock.BEGINNING, clock.FOREVER).to_arrow_table()
    planted = {*events["detector"].to_pylist()}
    return planted if request.param == "all" else planted & NOW


@pytest.fixture(scope="module")
def matches(
    asked: set[str], sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    """Hold the alerts of the sample against its planted events."""
    own = alerting(tmp_path_factory.mktemp("planted"), asked)
    with door(sample, own) as planted:
        found = planted.ask("backtest.matches", SINCE, UNTIL).to_arrow_table()
    rows: list[dict[str, Any]] = found.to_pylist()
    return [row for row in rows if row["detector"] in asked]


def test_calendars_and_codes_come_before_every_sample_feed() -> None:
    names = demo.feeds(ROOT)

    samples = sorted(path.stem for path in (ROOT / "loaders").glob("sample_*.py"))
    assert names == ["sessions", "option_codes", "equity_codes", *samples]


def test_it_lies_beside_the_store() -> None:
    assert demo.place("/home/ada/desk/store") == "/home/ada/desk/demo"


def test_a_store_that_holds_other_loads_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    desk = small_desk(tmp_path)
    desk.prints(("a", 1, "05 15:00"), feed="somebody")

    with desk.store() as store, pytest.raises(StoreError) as told:
        list(demo.fill(ROOT, store))

    assert str(told.value) == (
        f"{tmp_path}/store: it holds loads of somebody, and the demo mixes with no other; "
        "name a folder of its own with --into"
    )
    with desk.store() as store:
        store.ledger.refresh()
        assert [line["feed"] for line in store.ledger.lines] == ["somebody"]


def test_what_the_house_writes_itself_is_no_load_of_another() -> None:
    written = [
        re.findall(r'^(?:FEED|BY_HAND) = "(\w+)"', path.read_text(), re.MULTILINE)
        for room in ("leadline", "live")
        for path in (ROOT / room).rglob("*.py")
    ]

    assert {feed for found in written for feed in found} == OURS


def test_a_demo_that_told_alerts_can_be_filled_again(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    for feed in OURS:
        desk.prints((feed, 1, "05 15:00"), feed=feed)

    with desk.store() as store:
        assert list(demo.fill(tmp_path, store)) == []


def test_a_store_is_a_demos_while_all_that_it_holds_was_invented(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    said = []
    for n, feed in enumerate(("sessions", "alerts", "sample_prices", "somebody"), start=1):
        desk.prints((feed, n, "05 15:00"), feed=feed)
        with desk.store() as store:
            said.append(demo.is_demo(ROOT, store))

    assert said == [False, False, True, False]


def test_what_is_there_already_adds_nothing(tmp_path: Path) -> None:
    desk = small_desk(tmp_path)
    shutil.copy(ROOT / "loaders" / "sessions.py", desk.write("loaders/sessions.py", ""))
    with opened(tmp_path / "demo") as store:
        first = list(demo.fill(tmp_path, store))
        again = list(demo.fill(tmp_path, store))

    assert [(filled.feed, filled.n_rows > 0) for filled in first] == [("sessions", True)]
    assert [filled.n_rows for filled in again] == [0]


@pytest.mark.soak
def test_every_row_of_the_sample_week_keeps_its_contract(house: Warehouse) -> None:
    rows = house.ask("raw.loads", clock.BEGINNING, clock.FOREVER).to_arrow_table().to_pylist()

    assert {row["feed"]: row["n_rejected"] for row in rows} == dict.fromkeys(demo.feeds(ROOT), 0)


def test_detectors_find_what_is_over_their_threshold_and_not_what_is_under(
    matches: list[dict[str, Any]], asked: set[str]
) -> None:
    planted = [row for row in matches if row["event_id"]]

    odd = {row["event_id"] for row in planted if (row["size"] >= 1) != (row["outcome"] == "found")}
    over = Counter(row["detector"] for row in planted if row["size"] > 1)
    under = Counter(row["detector"] for row in planted if row["size"] < 1)
    assert odd == set()
    assert over.keys() & under.keys() >= PLANTED & asked
    assert {name: (over[name], n) for name, n in under.items() if n < 3 or over[name] < 5} == {}


def test_chance_alone_alarms_seldom(matches: list[dict[str, Any]]) -> None:
    alarms = Counter(row["detector"] for row in matches if row["outcome"] == "false")

    assert {name: n for name, n in alarms.items() if n > 60} == {}
