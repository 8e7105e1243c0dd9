"""Rules in the loop: tick by tick they say what they say of all rows at once."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.rules import Rules, Turn
from tests.desks import SmallDesk, small_desk

HIGH = """
of = "prices.high"
where = "score >= 20"
keep = "5m"
cooldown = "10m"
"""
LOW = """
of = "curated.followed"
key = ["price"]
where = "price < 100"
for = "2m"
no_data = "30m"
"""


@pytest.fixture
def desk(tmp_path: Path) -> SmallDesk:
    return small_desk(tmp_path / "desk")


@contextmanager
def looping(desk: SmallDesk) -> Iterator[tuple[Alerts, Rules]]:
    with desk.warehouse() as house, desk.store() as store:
        alerts = Alerts(house, store)
        yield alerts, Rules(alerts, desk.root)


def tick(loop: tuple[Alerts, Rules], until: datetime | None = None) -> Turn:
    loop[0].tick(until)
    return loop[1].tick(until)


def told(rows: Sequence[Any]) -> list[str]:
    return [f"{row['acted_at']:%H:%M} {row['rule']} {row['key']} {row['action']}" for row in rows]


def stored(desk: SmallDesk) -> list[dict[str, Any]]:
    with desk.warehouse() as house:
        found = house.ask("raw.alert_actions", BEGINNING, FOREVER).order("acted_at, key, step")
        return list(found.to_arrow_table().to_pylist())


def test_a_rule_of_a_detector_tells_the_life_of_its_alerts(desk: SmallDesk) -> None:
    desk.write("rules/high.toml", HIGH)

    with looping(desk) as loop:
        tick(loop)
        desk.prints(("a", 500, "05 15:00"), ("b", 150, "05 15:01"))
        first = tick(loop)
        desk.prints(("c", 50, "05 15:10"), feed="later")
        second = tick(loop)

    assert told(first.steps) == ["15:00 high T fired"]
    assert told(second.steps) == ["15:05 high T resolved"]
    (fired, resolved) = stored(desk)
    assert fired["alert_key"] == "prices.high|a"
    assert (fired["severity"], fired["headline"]) == ("medium", "print a")
    assert json.loads(fired["evidence"]) == {"price": 500}
    assert json.loads(fired["definition"])["cooldown"] == "10m"
    assert fired["alert_id"] == resolved["alert_id"]
    assert (fired["step"], resolved["step"]) == (1, 2)


def test_a_rule_of_a_view_holds_for_a_while_before_it_fires(desk: SmallDesk) -> None:
    desk.write("rules/low.toml", LOW)

    with looping(desk) as loop:
        tick(loop)
        desk.prints(("a", 50, "05 15:00"), ("b", 150, "05 15:01"), ("c", 150, "05 15:03"))
        tick(loop)
        desk.prints(("d", 60, "05 16:00"), feed="later")
        tick(loop)

    assert told(stored(desk)) == [
        "15:00 low 50 pending",
        "15:02 low 50 fired",
        "15:33 low * no_data",
        "16:00 low * data_back",
        "16:00 low 60 pending",
    ]


def test_a_new_rule_says_what_is_open_and_nothing_of_what_was_before(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 15:00"), ("b", 500, "05 15:30"), ("c", 50, "05 15:31"))
    desk.write("rules/high.toml", HIGH)

    with looping(desk) as loop:
        turn = tick(loop)

    assert told(turn.steps) == ["15:30 high T fired"]


def test_who_comes_anew_goes_on_and_says_nothing_twice(desk: SmallDesk) -> None:
    desk.write("rules/high.toml", HIGH)
    desk.write("rules/low.toml", LOW)
    with looping(desk) as loop:
        tick(loop)
        desk.prints(("a", 500, "05 15:00"), ("b", 50, "05 15:01"))
        tick(loop)

    with looping(desk) as loop:
        again = tick(loop)
        desk.prints(("c", 150, "05 15:04"), feed="later")
        later = tick(loop)

    assert again.steps == []
    assert told(later.steps) == ["15:03 low 50 fired"]


def test_a_rule_that_breaks_is_left_out_and_the_others_go_on(desk: SmallDesk) -> None:
    desk.write("rules/high.toml", HIGH)
    desk.write("rules/broken.toml", HIGH.replace("score", "skore"))

    with looping(desk) as loop:
        turn = tick(loop)
        desk.prints(("a", 500, "05 15:00"))
        later = tick(loop)

    assert list(turn.broken) == ["broken"]
    assert turn.broken["broken"] == (
        "rules/broken.toml: where is 'skore >= 20': there is no column 'skore'; "
        "did you mean 'score'"
    )
    assert told(later.steps) == ["15:00 high T fired"]


def test_a_saved_rule_is_picked_up_and_a_deleted_one_ends_what_is_open(desk: SmallDesk) -> None:
    with looping(desk) as loop:
        tick(loop)
        path = desk.write("rules/high.toml", HIGH)
        tick(loop)
        desk.prints(("a", 500, "05 15:00"))
        fired = tick(loop)
        path.unlink()
        gone = tick(loop)
        assert tick(loop).steps == []

    assert told(fired.steps) == ["15:00 high T fired"]
    assert told(gone.steps) == ["15:00 high T expired"]
    assert [row["note"] for row in stored(desk)] == [None, "the rule was deleted"]


def test_a_rule_that_was_deleted_while_nobody_looked_ends_as_well(desk: SmallDesk) -> None:
    path = desk.write("rules/high.toml", HIGH)
    with looping(desk) as loop:
        tick(loop)
        desk.prints(("a", 500, "05 15:00"))
        tick(loop)
    path.unlink()

    with looping(desk) as loop:
        gone = tick(loop)
    with looping(desk) as loop:
        again = tick(loop)

    assert (told(gone.steps), again.steps) == (["15:00 high T expired"], [])


def test_a_rule_that_can_not_be_used_for_a_while_goes_on_where_it_stood(desk: SmallDesk) -> None:
    desk.write("rules/high.toml", HIGH)
    with looping(desk) as loop:
        tick(loop)
        desk.prints(("a", 500, "05 15:00"))
        tick(loop)
        desk.write("rules/high.toml", HIGH + 'channels = ["nobody"]\n')
        broken = tick(loop)
        desk.write("rules/high.toml", HIGH)
        desk.prints(("b", 50, "05 15:06"), feed="later")
        mended = tick(loop)

    assert "nobody" in broken.broken["high"]
    assert told(mended.steps) == ["15:05 high T resolved"]


def test_late_rows_of_a_view_are_heard_where_time_stands(desk: SmallDesk) -> None:
    desk.write("rules/low.toml", LOW.replace('for = "2m"\n', ""))
    with looping(desk) as loop:
        tick(loop)
        desk.prints(("a", 500, "05 15:00"))
        tick(loop)
        desk.prints(("late", 50, "05 14:59"), feed="other")
        late = tick(loop)

    assert told(late.steps) == ["15:00 low 50 fired"]


def test_live_equals_all_at_once(desk: SmallDesk, tmp_path: Path) -> None:
    prints = [(str(n), 60 + 77 * n % 500, f"05 15:{n:02}") for n in range(0, 60, 3)]
    whole = small_desk(tmp_path / "whole")
    for each in (desk, whole):
        each.write("rules/high.toml", HIGH)
        each.write("rules/low.toml", LOW)
        with looping(each) as loop:
            tick(loop)
    with looping(desk) as loop:
        for n in range(0, len(prints), 7):
            desk.prints(*prints[n : n + 7], feed=str(n))
            tick(loop)

    whole.prints(*prints)
    with looping(whole) as loop:
        tick(loop)

    assert told(stored(desk)) == told(stored(whole))
    assert {row["action_id"] for row in stored(desk)} == {r["action_id"] for r in stored(whole)}
    assert len(stored(desk)) > 8
