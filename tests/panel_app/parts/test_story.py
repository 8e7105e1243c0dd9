"""A session is a candle; what happened stands beside it, bulls below and all others above."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from panel_app.parts.part import DOWN, GREY, UP, Look
from panel_app.parts.story import Story

DAY = date(2024, 3, 4)
NOTHING: dict[str, Any] = dict.fromkeys((
    "open", "high", "low", "close", "change_pct", "severity", "direction", "headline", "price",
))  # fmt: skip
SESSION = NOTHING | {
    "kind": "session", "session_date": DAY, "known_at": datetime(2024, 3, 4, 21, tzinfo=UTC),
    "open": 10.0, "high": 12.0, "low": 9.0, "close": 11.0, "change_pct": 1.5,
}  # fmt: skip
CLOSE_ALONE = SESSION | {
    "session_date": date(2024, 3, 5), "open": None, "high": None, "low": None, "close": 8.0,
    "change_pct": None,
}  # fmt: skip


def event(kind: str, direction: str | None, day: date = DAY, **more: Any) -> dict[str, Any]:
    return NOTHING | {
        "kind": kind, "direction": direction, "session_date": day, "headline": kind,
        "known_at": datetime(2024, 3, 4, 15, tzinfo=UTC),
    } | more  # fmt: skip


@pytest.fixture
def drawn() -> Story:
    story = Story("none")
    story.show(
        pa.Table.from_pylist(
            [
                SESSION, CLOSE_ALONE, event("alert", "bull", severity="critical"),
                event("alert", "bull", severity="low"), event("insider", "bear"),
                event("split", None, date(2024, 3, 9), price=8.0),
                event("earnings", None, date(2024, 1, 9)),
            ]
        )
    )  # fmt: skip
    return story


def test_a_candle_says_by_shape_and_colour_whether_it_rose(drawn: Story) -> None:
    days = drawn._days.data

    assert (days["bottom"], days["top"]) == ([10.0, 8.0], [11.0, 8.0])
    assert (days["low"], days["high"]) == ([9.0, 8.0], [12.0, 8.0])
    assert days["colour"] == [UP, UP]
    assert days["filled"] == [0.0, 0.0]
    assert days["change"] == ["+1.50 %", "—"]


def test_marks_stand_off_the_candle_one_further_out_than_the_other(drawn: Story) -> None:
    marks = drawn._marks.data

    assert marks["marker"] == ["triangle", "triangle", "square", "star"]  # no price, no mark
    assert marks["colour"] == [UP, UP, DOWN, GREY]
    first, second, above, _ = marks["y"]
    assert 9.0 > first > second
    assert above > 12.0
    assert marks["size"][0] > marks["size"][1]


def test_who_wants_up_in_red_gets_it_so(drawn: Story) -> None:
    drawn.look = replace(Look(), is_up_red=True)
    drawn.show(pa.Table.from_pylist([SESSION | {"severity": "x", "direction": "x"}]))

    assert drawn._days.data["colour"] == [DOWN]
    assert drawn._marks.data["x"] == []
