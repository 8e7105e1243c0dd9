"""A tick brings what is new, once; live, tick by tick, the alerts are those of one look."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest

from leadline.alerts import Alerts, Tick
from leadline.clock import BEGINNING, FOREVER
from leadline.publication import Publication
from tests.desks import FOLLOWED, HIGH, SmallDesk, at


@contextmanager
def ticking(desk: SmallDesk, **given: Any) -> Iterator[Alerts]:
    with desk.warehouse(**given) as house, desk.store() as store:
        yield Alerts(house, store)


def keys(tick: Tick) -> list[str]:
    return [alert["alert_key"].removeprefix("prices.high|") for alert in tick.alerts]


def stored(desk: SmallDesk) -> list[dict[str, Any]]:
    with desk.warehouse() as house:
        found = house.ask("raw.alerts", BEGINNING, FOREVER).order("fired_at, alert_key")
        return list(found.to_arrow_table().to_pylist())


def test_an_alert_is_appended_once_and_can_be_replayed(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 15:00"), ("b", 50, "05 15:01"))

    with ticking(desk) as alerts:
        first, second = alerts.tick(), alerts.tick()
        bound = alerts.warehouse.fingerprint("detectors.prices_high")

    (row,) = stored(desk)
    assert (keys(first), keys(second)) == (["a"], [])
    assert (row["detector"], row["version"], row["fingerprint"]) == (
        "prices.high", 1, bound.fingerprint,
    )  # fmt: skip
    assert (row["severity"], row["score"], row["is_late"]) == ("medium", 50, False)
    assert json.loads(row["params"]) == {"min_price": "100"}
    assert json.loads(row["inputs"]) == {"curated.followed": 1}
    with desk.warehouse(pins={"prices.high": row["version"], **json.loads(row["inputs"])}) as house:
        again = house.ask("prices.high", BEGINNING, row["ticked_at"], row["recorded_until"])
        (replayed,) = again.to_arrow_table().to_pylist()
    assert {name: row[name] for name in replayed} == replayed


def test_a_tick_goes_up_to_the_newest_row_and_no_further_than_told(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 15:00"), ("b", 500, "05 16:00"))

    with ticking(desk) as alerts:
        until_noon = alerts.tick(at("05 15:30"))
        all_there_is = alerts.tick()

    assert (keys(until_noon), keys(all_there_is)) == (["a"], ["b"])
    assert [row["ticked_at"] for row in stored(desk)] == [
        at("05 15:30"), at("05 16:00").replace(microsecond=1),
    ]  # fmt: skip


def test_what_comes_late_fires_late_and_what_comes_in_time_does_not(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 15:00"))

    with ticking(desk) as alerts:
        alerts.tick()
        desk.prints(("late", 500, "04 15:00"), feed="other")
        desk.prints(("new", 500, "05 15:10"), feed="third")
        alerts.tick()

    assert [(row["alert_key"][12:], row["is_late"]) for row in stored(desk)] == [
        ("late", True), ("a", False), ("new", False),
    ]  # fmt: skip


def test_a_first_look_that_finds_more_than_is_judged_at_once_appends_it_in_one_load(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.alerts._AT_ONCE", 2)
    names = [f"n{n}" for n in range(5)]
    desk.prints(*((name, 500, f"05 15:0{n}") for n, name in enumerate(names)))

    with ticking(desk) as alerts:
        first, second = alerts.tick(), alerts.tick()

    rows = stored(desk)
    assert (keys(first), keys(second)) == (names, [])
    assert [row["alert_key"] for row in rows] == [alert["alert_key"] for alert in first.alerts]
    assert len({row["load_id"] for row in rows}) == 1


def test_live_equals_batch(desk: SmallDesk) -> None:
    prints = [(str(n), 90 + 7 * n % 31, f"05 15:{n:02}") for n in range(7)]
    with ticking(desk) as alerts:
        for print_ in prints:
            desk.prints(print_, feed=print_[0])
            alerts.tick()

    live = stored(desk)

    with desk.warehouse() as house:
        batch = house.ask("prices.high", BEGINNING, FOREVER).order("fired_at").to_arrow_table()
    assert [{name: row[name] for name in batch.column_names} for row in live] == batch.to_pylist()
    assert len(live) > 3


def test_who_comes_anew_appends_nothing_twice(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 15:00"))
    with ticking(desk) as alerts:
        alerts.tick()

    with ticking(desk) as alerts:
        again = alerts.tick()

    assert keys(again) == []
    assert len(stored(desk)) == 1


def test_a_detector_that_breaks_is_left_out_and_the_others_go_on(desk: SmallDesk) -> None:
    broken = HIGH.replace(
        "cast(1 as double) as confidence", "cast(error('it breaks') as double) as confidence"
    )
    desk.write("sql/detectors/prices/broken.v1.sql", broken)
    desk.prints(("a", 500, "05 15:00"))

    with ticking(desk) as alerts:
        tick = alerts.tick()

    assert keys(tick) == ["a"]
    assert list(tick.broken) == ["prices.broken"]
    assert "it breaks" in tick.broken["prices.broken"]


def test_a_slow_detector_is_asked_again_when_the_rows_reach_its_time(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 15:00"))

    with ticking(desk) as alerts:
        found = [keys(alerts.tick())]
        for print_id, moment in (("b", "05 15:00:30"), ("c", "05 15:01")):
            desk.prints((print_id, 500, moment), feed=print_id)
            found.append(keys(alerts.tick()))

    assert found == [["a"], [], ["b", "c"]]


def test_a_slow_detector_sees_the_last_rows_after_a_while(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [1_000.0]
    monkeypatch.setattr("leadline.alerts.monotonic", lambda: seconds[-1])
    desk.prints(("a", 500, "05 15:00"))

    with ticking(desk) as alerts:
        found = [keys(alerts.tick())]
        desk.prints(("b", 500, "05 15:00:30"), feed="later")
        for later in (1_059.0, 1_060.0):
            seconds.append(later)
            found.append(keys(alerts.tick()))

    assert found == [["a"], [], ["b"]]


def flush(alerts: Alerts, feed: str, *prints: tuple[str, str]) -> None:
    """Append what a feed that is listened to says in a moment."""
    rows = [{"print_id": n, "price": 500, "known_at": at(f"05 {when}")} for n, when in prints]
    own = [("prints", rows)]
    alerts.store.load(Publication(feed, prints[0][0], ("prints",), own, feed))


def test_a_feed_that_is_behind_is_waited_for(desk: SmallDesk) -> None:
    with ticking(desk) as alerts:
        flush(alerts, "slow", ("a", "15:00:58"))
        flush(alerts, "fast", ("b", "15:01:00"))
        first = alerts.tick()
        flush(alerts, "slow", ("c", "15:00:59"), ("d", "15:01:01"))
        flush(alerts, "fast", ("e", "15:02:00"))
        flush(alerts, "slow", ("f", "15:02:01"))
        second = alerts.tick()

    assert (keys(first), keys(second)) == (["a"], ["c", "b", "d", "e"])
    assert not any(row["is_late"] for row in stored(desk))


def test_a_feed_that_is_silent_is_not_waited_for(desk: SmallDesk) -> None:
    with ticking(desk) as alerts:
        flush(alerts, "silent", ("a", "15:00:49"))
        flush(alerts, "fast", ("b", "15:01:00"))
        far_behind = alerts.tick()
        flush(alerts, "silent", ("c", "15:02:00"))
        flush(alerts, "fast", ("d", "15:02:09"))
        waited_for = alerts.tick()
        flush(alerts, "fast", ("e", "15:03:00"))
        silent_again = alerts.tick()

    assert (keys(far_behind), keys(waited_for)) == (["a", "b"], ["c"])
    assert keys(silent_again) == ["d", "e"]


def test_where_nothing_is_appended_any_more_nobody_is_waited_for(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ticking(desk) as alerts:
        flush(alerts, "slow", ("a", "15:00:58"))
        flush(alerts, "fast", ("b", "15:01:00"))
        first = alerts.tick()
        later = monotonic() + 61
        monkeypatch.setattr("leadline.alerts.monotonic", lambda: later)
        second = alerts.tick()

    assert (keys(first), keys(second)) == (["a"], ["b"])


def test_what_detectors_share_changes_no_alert(desk: SmallDesk) -> None:
    held = FOLLOWED.replace("-- needs:", "-- keep:    tick\n-- needs:")
    desk.write("sql/views/curated/followed.v1.sql", held)
    desk.write("sql/detectors/prices/low.v1.sql", HIGH.replace("high|", "low|").replace(">=", "<"))
    with ticking(desk) as alerts:
        for n in range(7):
            desk.prints((str(n), 90 + 7 * n % 31, f"05 15:{n:02}"), feed=str(n))
            assert not alerts.tick().broken

    live = {row["alert_key"] for row in stored(desk)}

    assert live == {f"prices.{'high' if 90 + 7 * n % 31 >= 100 else 'low'}|{n}" for n in range(7)}


def test_shared_rows_that_can_not_be_computed_break_those_that_share_them(desk: SmallDesk) -> None:
    broken = FOLLOWED.replace("-- needs:", "-- keep:    tick\n-- needs:")
    broken = broken.replace(
        "print_id, price", "print_id, cast(error('no rows') as bigint) as price"
    )
    desk.write("sql/views/curated/followed.v1.sql", broken)
    desk.write("sql/detectors/prices/low.v1.sql", HIGH.replace("high|", "low|"))
    desk.prints(("a", 500, "05 15:00"))

    with ticking(desk) as alerts:
        tick = alerts.tick()

    assert {name: "no rows" in why for name, why in tick.broken.items()} == {
        "prices.high": True, "prices.low": True,
    }  # fmt: skip
