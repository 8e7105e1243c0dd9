"""What the ticks hold of a view is asked by the clock of the question, whatever else it holds."""

from pathlib import Path

from leadline import schema
from leadline.held import Held
from tests.desks import FOLLOWED, HIGH, at, small_desk

HELD = FOLLOWED.replace("-- needs:   90s", "-- keep:    tick\n-- needs:   90s")
SINCE, UNTIL = at("05 15:05"), at("05 15:15")


def test_its_clock_says_when_the_question_begins_and_not_since_when_rows_are_held(
    tmp_path: Path,
) -> None:
    since = "(select clock.since from ops.clock as clock) as asked_at,  -- the question's begin"
    desk = small_desk(tmp_path / "desk")
    desk.write(
        "sql/views/curated/followed.v1.sql",
        HELD.replace("    count(*)", f"    {since}\n    count(*)"),
    )
    desk.write("sql/detectors/prices/high.v1.sql", HIGH.replace("needs:   0s", "needs:   2m"))
    desk.write("sql/detectors/prices/low.v1.sql", HIGH.replace("prices.high|", "prices.low|"))
    desk.prints(*((str(n), 100, f"05 15:{n:02}") for n in range(20)))
    asked = {"detectors.prices_high": SINCE, "detectors.prices_low": at("05 15:08")}

    with desk.warehouse() as house, Held(house).over(asked, UNTIL):
        held = schema.holds("curated.followed")
        told = f"select count(*), min(epoch(asked_at)), max(epoch(asked_at)) from {held}"
        found = house.con.execute(told).fetchall()

    assert found == [(12, SINCE.timestamp(), SINCE.timestamp())]
