"""A share beyond its band has a shape of its own, and a band that is not known is said."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from panel_app.parts.band import Band

FIRST = datetime(2024, 3, 1, 21, tzinfo=UTC)


def rows(*places: str | None) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "closes_at": FIRST + timedelta(days=n), "session_date": date(2024, 3, 1 + n),
                "symbol": "A&B", "offex_ratio": 0.5, "usual_ratio": 0.4 if place else None,
                "low_ratio": 0.3 if place else None, "high_ratio": 0.45 if place else None,
                "band_place": place, "n_obs": n,
            }
            for n, place in enumerate(places)
        ]
    )  # fmt: skip


def test_what_is_beyond_has_a_mark() -> None:
    part: Any = Band("none")
    part.take(rows(None, "within", "below", "above"))
    data = part._source.data

    assert list(data["mark"]) == ["circle", "circle", "inverted_triangle", "triangle"]
    assert [size > 0 for size in data["size"]] == [False, False, True, True]
    assert "A&amp;B" in part.markup.html
    assert "<b>above</b> it" in part.markup.html
    assert part._axis.axis_label == "UTC"


def test_without_enough_sessions_there_is_no_band() -> None:
    part = Band("none")
    part.take(rows(None, None))

    assert "no band: 1 of 20 sessions before it" in part.markup.html
