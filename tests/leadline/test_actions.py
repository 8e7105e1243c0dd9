"""Steps and where their rules stand land together; what is told twice is one step."""

from pathlib import Path

import pytest

from leadline import actions
from leadline.actions import Mark
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import StoreError
from leadline.life import Step
from leadline.quote import quoted
from tests.desks import SmallDesk, at, small_desk, telling_desk

FIRED = Step("big", "T", "fired", at("05 15:00"), at("05 15:00"), 1, "high", "swept")
STATE: dict[str, object] = {"keys": {}}


def mark(when: str, rule: str = "big") -> Mark:
    return Mark(rule, at(when), at(when), {"of": "prices.high"}, STATE)


def test_steps_and_marks_are_there_and_the_newest_mark_counts(tmp_path: Path) -> None:
    desk = telling_desk(tmp_path / "desk")
    row = actions.step_row(FIRED, '{"of": "prices.high"}', "f1")
    with desk.store() as store:
        actions.append(store, [row], [mark("05 15:01")])
        actions.append(store, [row], [mark("05 15:02")])  # as after a crash
        actions.append(store, [], [mark("05 15:00", "other")])

    with desk.warehouse() as house:
        found = actions.marks(house)
        steps = house.ask("curated.alert_actions", BEGINNING, FOREVER).to_arrow_table().to_pylist()

    assert found == {"big": mark("05 15:02"), "other": mark("05 15:00", "other")}
    (step,) = steps
    assert (step["rule"], step["action"], step["acted_at"], step["actor"]) == (
        "big", "fired", at("05 15:00"), "loop",
    )  # fmt: skip
    assert (step["alert_id"], step["action_id"]) == (FIRED.alert_id, FIRED.action_id)


def test_what_a_person_does_is_told_by_the_clock(tmp_path: Path) -> None:
    desk = telling_desk(tmp_path / "desk")
    alert = {
        "alert_id": "x", "rule": None, "key": "k", "alert_key": "k", "severity": "low",
        "headline": "swept",
    }  # fmt: skip
    with desk.store() as store:
        actions.act(store, alert, "snoozed", "ann", until=FOREVER, note="on it")

    with desk.warehouse() as house:
        asked = house.ask("curated.alert_actions", BEGINNING, FOREVER)
        (row,) = asked.filter(f"alert_id = {quoted('x')}").to_arrow_table().to_pylist()

    assert (row["action"], row["actor"], row["note"], row["until_at"]) == (
        "snoozed", "ann", "on it", FOREVER,
    )  # fmt: skip
    assert row["acted_at"] > at("05 15:00")


def test_a_project_without_a_place_for_them_is_told(tmp_path: Path) -> None:
    desk = SmallDesk(small_desk(tmp_path / "desk").root)
    (desk.root / "sql/tables/rule_marks.sql").unlink()

    with desk.store() as store, pytest.raises(StoreError, match=r"rule_marks\.sql: rules append"):
        actions.has_place(store)
