"""The parts of a score stand on one another, on the side of the middle to which they pull."""

from datetime import date

import pyarrow as pa

from panel_app.parts.stack import Stack

ROWS = pa.table(
    {
        "session_date": [date(2024, 3, 4), date(2024, 3, 5)], "score": [50.0, 57.0],
        "part_a": [None, 10.0], "part_b": [0.0, -5.0], "part_c": [0.0, 2.0],
    }
)  # fmt: skip
PARTS = {"part_a": "of <a>", "part_b": "of b", "part_c": "of c"}


def test_what_lifts_is_above_the_middle_and_what_pulls_down_below() -> None:
    stack = Stack("score", PARTS, 50, "none")

    stack.show(ROWS)

    drawn = stack._source.data
    ends = {name: (drawn[f"{name}_from"][1], drawn[f"{name}_to"][1]) for name in PARTS}
    assert ends == {"part_a": (50, 60), "part_b": (50, 45), "part_c": (60, 62)}
    assert drawn["score"] == [50.0, 57.0]
    assert drawn["part_a"][0] == 0.0


def test_the_newest_parts_are_told_with_their_colours() -> None:
    told = Stack("score", PARTS, 50, "none").show(ROWS)

    assert '<b class="named">2024-03-05</b>' in told
    assert "score <b>57</b> = 50" in told
    assert "of &lt;a&gt; <b>+10.0</b>" in told
    assert "of b <b>-5.0</b>" in told
