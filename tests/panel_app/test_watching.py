"""A line is changed by what is said of it; what is not said stays."""

from pathlib import Path

import pytest

from leadline.errors import LeadlineError
from panel_app.watching import Watching
from tests.desks import at
from tests.doors import one_core
from tests.watching import watching_desk


def test_a_line_keeps_what_nobody_says_and_numbers_are_read_as_people_write_them(
    tmp_path: Path,
) -> None:
    desk = watching_desk(tmp_path)
    with desk.warehouse(engine=one_core()) as house:
        watching = Watching(house, lambda: at("05 16:00"))
        watching.keep("desk", {"symbol": "brk-b", "quantity": "1,000", "note": "kept"})
        told, moment = watching.keep("desk", {"symbol": "BRK.B", "cost_usd": "$ 5.5"})

        found = house.ask("curated.watchlists", at("01 00:00"), at("06 00:00"))
        (row,) = found.filter("withdrawn_at is null").to_arrow_table().to_pylist()
        assert (row["quantity"], row["cost_usd"], row["note"]) == (1_000.0, 5.5, "kept")
        assert (told, moment) == ("desk: BRK.B saved; 1 on the list", at("05 16:00"))
        with pytest.raises(LeadlineError, match="XYZ names 2 securities at once"):
            watching.keep("desk", {"symbol": "XYZ"})
        assert watching.drop("desk", "BRK.B")[0] == "desk: BRK.B taken off; 0 on the list"
