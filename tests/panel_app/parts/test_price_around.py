"""The price before and after a moment, by the viewer's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from panel_app.parts.part import Look
from panel_app.parts.price_around import PriceAround

THEN = datetime(2024, 3, 1, 15, tzinfo=UTC)


def rows(direction: str | None) -> pa.Table:
    moments = [THEN + timedelta(minutes=n) for n in (-1, 1)]
    return pa.table(
        {
            "price_at": moments, "price": [10.0, 12.0], "told_at": [THEN, THEN],
            "direction": pa.array([direction] * 2, pa.string()),
        }
    )  # fmt: skip


def test_the_moment_is_marked_at_the_last_price_before_it() -> None:
    part = PriceAround("none")
    part.take(rows("bear"))

    assert part._mark.data["price"] == [10.0]
    assert part._mark.data["shape"] == ["inverted_triangle"]
    assert "then <b>10</b>" in part.markup.html
    shown, source = part._figure, part._line
    part.look = Look(ZoneInfo("America/New_York"), is_up_red=True)
    part.take(rows(None))

    assert (part._figure, part._line) == (shown, source)
    assert part._mark.data["shape"] == ["diamond"]
    assert part._figure.xaxis[0].axis_label == "America/New_York"
    assert part._mark.data["x"][0] == (THEN.timestamp() - 5 * 3_600) * 1_000
