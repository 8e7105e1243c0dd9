"""Lines over time keep their points, and say the last ones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from panel_app.parts.lines import Lines
from panel_app.parts.part import Look

OPEN = datetime(2024, 3, 1, 14, 30, tzinfo=UTC)


def minutes(n: int, price: float | None = 180.5) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "minute_at": OPEN + timedelta(minutes=i), "underlying": "A<B", "price": price,
                "net_call_usd": 1_000.0 * (i + 1), "net_put_usd": -500.0,
            }
            for i in range(n)
        ]
    )  # fmt: skip


def lines() -> Lines:
    return Lines(("net_call_usd", "net_put_usd"), "price", "underlying", "Nothing.")


def test_the_last_figures_are_said_and_what_is_foreign_is_text() -> None:
    part = lines()
    part.take(minutes(2))

    said = part.markup.html
    assert "net call <b>$2k</b>" in said
    assert "net put <b>-$500</b>" in said
    assert "price <b>180.50</b>" in said
    assert "A&lt;B" in said


def test_a_new_minute_is_added_to_those_that_stand() -> None:
    part = lines()
    part.take(minutes(2))
    source = part._source
    before = source.data["x"]
    part.take(minutes(3))

    assert part._source is source
    assert source.data["x"][:2] == before[:2]
    assert source.data["net_call_usd"] == [1_000.0, 2_000.0, 3_000.0]


def test_times_are_the_viewers_and_the_axis_says_which() -> None:
    part = lines()
    part.look = Look(ZoneInfo("America/New_York"))
    part.take(minutes(1, None))

    clock = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    assert part._source.data["x"] == [clock.timestamp() * 1_000]
    assert part._axis.axis_label == "America/New_York"
    assert part._source.data["price"] == [None]


def test_up_is_red_for_who_wants_it() -> None:
    part = lines()
    part.take(minutes(1))
    green = part._steps[0].glyph.line_color
    part.look = Look(is_up_red=True)
    part.take(minutes(1))

    assert part._steps[0].glyph.line_color != green
    assert part._steps[1].glyph.line_color == green
