"""How many rows a load should have is told by what went, and by when it was recorded."""

import pytest

from leadline.dropped import AHEAD, Drops
from tests.desks import at

FLOOR = at("07 00:00")
DROPS = Drops({"prints": FLOOR}, {("prints", "torn"): 3})


@pytest.mark.parametrize(
    ("dataset", "load", "recorded", "n_left"),
    [
        ("prints", "torn", "09 12:00", 3),
        ("prints", "new", "09 12:00", 8),
        ("prints", "old", "06 23:00", 0),
        ("names", "old", "06 23:00", 8),
    ],
)
def test_a_load_has_what_is_left_of_it(dataset: str, load: str, recorded: str, n_left: int) -> None:
    assert DROPS.left_of(dataset, load, at(recorded), 8) == n_left


def test_rows_may_be_known_a_little_later_than_they_were_recorded() -> None:
    assert DROPS.left_of("prints", "ahead", FLOOR - AHEAD, 8) == 8
