"""Steps and where their rules stand land together; what is told twice is one step."""

from pathlib import Path

import pytest

from leadline import actions
from leadline.actions import Mark
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import QueryError, StoreError
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


OPEN = {
    "alert_id": "x", "rule": None, "key": "k", "alert_key": "k", "severity": "low",
    "headline": "swept", "id": "x", "state": "firing",
}  # fmt: skip


def test_what_a_person_does_is_told_by_the_clock(tmp_path: Path) -> None:
    desk = telling_desk(tmp_path / "desk")
    with desk.store() as store:
        actions.act(store, OPEN, "snoozed", "ann", until=FOREVER, note="on it")

    with desk.warehouse() as house:
        asked = house.ask("curated.alert_actions", BEGINNING, FOREVER)
        (row,) = asked.filter(f"alert_id = {quoted('x')}").to_arrow_table().to_pylist()

    assert (row["action"], row["actor"], row["note"], row["until_at"]) == (
        "snoozed", "ann", "on it", FOREVER,
    )  # fmt: skip
    assert row["acted_at"] > at("05 15:00")


def test_who_acts_in_a_replay_acts_by_its_clock(tmp_path: Path) -> None:
    desk = telling_desk(tmp_path / "desk")
    with desk.store() as store:
        actions.act(store, OPEN, "acknowledged", "ann", at=at("05 15:30"))

    with desk.warehouse() as house:
        found = actions.find(house, "x", at("05 15:31"))
        with pytest.raises(QueryError, match="y: no alert has this id"):
            actions.find(house, "y", at("05 15:31"))

    assert (found["state"], found["actor"], found["is_open"]) == ("acknowledged", "ann", True)


@pytest.mark.parametrize(
    ("state", "action", "said"),
    [
        ("resolved", "acknowledged", "x: it is resolved already"),
        ("firing", "woken", "x: it is firing, so there is nothing to wake"),
    ],
)
def test_what_can_not_be_done_is_refused(
    tmp_path: Path, state: str, action: str, said: str
) -> None:
    desk = telling_desk(tmp_path / "desk")
    with desk.store() as store, pytest.raises(QueryError, match=said):
        actions.act(store, OPEN | {"state": state}, action, "ann")


def test_a_project_without_a_place_for_them_is_told(tmp_path: Path) -> None:
    desk = SmallDesk(small_desk(tmp_path / "desk").root)
    (desk.root / "sql/tables/rule_marks.sql").unlink()

    with desk.store() as store, pytest.raises(StoreError, match=r"rule_marks\.sql: rules append"):
        actions.has_place(store)
