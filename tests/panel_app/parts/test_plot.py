"""A chart sends what is new or has changed, and no more."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from panel_app.parts.part import DOWN, UP, Look
from panel_app.parts.plot import Plot, milliseconds

START = datetime(2024, 3, 1, tzinfo=UTC)


def answer(first: int, last: int, **changed: float) -> pa.Table:
    mids = {f"s{n}": float(n) for n in range(first, last)} | changed
    return pa.table(
        {
            "bar_at": pa.array(
                [START + timedelta(seconds=n) for n in range(first, last)],
                pa.timestamp("us", "UTC"),
            ),
            "mid": list(mids.values()),
            "obi": [n / 100 for n in range(first, last)],
        }
    )


class Watched(Plot):
    """A chart that remembers what it sends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__("mid", "obi")
        self.sent: list[str] = []
        kind = type(self.source)
        stream, patch = kind.stream, kind.patch

        def streams(source, new, rollover=None):  # type: ignore[no-untyped-def]
            self.sent.append(f"stream {len(new['x'])}")
            stream(source, new, rollover)

        def patches(source, cells):  # type: ignore[no-untyped-def]
            self.sent.append(f"patch {cells}")
            patch(source, cells)

        monkeypatch.setattr(kind, "stream", streams)
        monkeypatch.setattr(kind, "patch", patches)


def test_new_points_are_streamed_and_old_ones_roll_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plot = Watched(monkeypatch)
    plot.take(answer(0, 10), Look())
    plot.take(answer(2, 12), Look())

    assert plot.sent == ["stream 2"]
    assert list(plot.source.data["line"]) == [float(n) for n in range(2, 12)]


def test_a_point_that_changed_is_patched(monkeypatch: pytest.MonkeyPatch) -> None:
    plot = Watched(monkeypatch)
    plot.take(answer(0, 10), Look())
    plot.take(answer(0, 11, s9=9.5), Look())

    assert plot.sent == ["patch {'line': [(9, 9.5)]}", "stream 1"]
    assert list(plot.source.data["line"])[8:] == [8.0, 9.5, 10.0]


def test_another_stretch_replaces_all(monkeypatch: pytest.MonkeyPatch) -> None:
    plot = Watched(monkeypatch)
    plot.take(answer(0, 10), Look())
    plot.take(answer(50, 53), Look())

    assert plot.sent == []
    assert list(plot.source.data["line"]) == [50.0, 51.0, 52.0]
    assert plot.source.data["x"][0] == START.timestamp() * 1_000 + 50_000


def test_bokeh_knows_no_zones_so_the_wall_clock_of_the_viewer_is_sent() -> None:
    moments = answer(0, 1).column("bar_at")
    there = Look(ZoneInfo("America/New_York"))

    ((here_ms,), (there_ms,)) = (
        milliseconds(moments, look).to_pylist() for look in (Look(), there)
    )
    assert here_ms == START.timestamp() * 1_000
    assert here_ms - there_ms == 5 * 3_600_000


def test_up_may_be_red() -> None:
    plot = Plot("mid", "obi")
    plot.take(answer(0, 2), Look(is_up_red=True))

    assert plot._colours.palette == [UP, DOWN]
