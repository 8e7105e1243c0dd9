"""What a viewer does is noted with his name, and how it ended."""

from pathlib import Path

import pytest

from leadline import homes
from leadline.errors import QueryError
from leadline.journal import rows
from leadline.trail import Trail
from panel_app.seat import Seat


def noted(trail: Trail) -> list[tuple[object, ...]]:
    found = [row for path in trail.journal.take() for row in rows(path)]
    return [
        tuple(row[name] for name in ("act", "about", "actor", "via", "outcome", "reason"))
        for row in found
    ]


def test_what_is_done_is_noted_and_so_is_what_can_not_be(tmp_path: Path) -> None:
    trail = Trail(homes.at(tmp_path))
    seat = Seat("night", "127.0.0.1", None, trail)

    with seat.doing("watch add", "desk AAPL"):
        pass
    with pytest.raises(QueryError, match="no list"), seat.doing("watch add", "AAPL"):
        raise QueryError("watch: no list is named")
    with pytest.raises(KeyError), seat.doing("save rule", "mine"):
        raise KeyError("a bug")

    assert noted(trail) == [
        ("watch add", "desk AAPL", "night", "dashboard", "done", None),
        ("watch add", "AAPL", "night", "dashboard", "failed", "watch: no list is named"),
        ("save rule", "mine", "night", "dashboard", "interrupted", None),
    ]


def test_without_a_trail_nothing_is_noted() -> None:
    with Seat("anybody").doing("watch add") as act:
        pass

    assert act.outcome == "done"
