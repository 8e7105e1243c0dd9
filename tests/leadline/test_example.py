import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline import build
from leadline.clock import Span
from leadline.errors import QueryError
from leadline.example import Example
from tests.desks import SmallDesk, at, small_desk
from tests.leadline.test_build import FOLLOWED, SPAN, WEEK, rows

HOURS = """\
-- what:    How many prints each hour had.
-- grain:   one row per hour; the hour's partial counts add up
-- status:  live
-- keep:    partials
-- needs:   0s

select
    known_date,
    date_trunc('hour', known_at) as hour_at,  -- the hour's begin
    count(*) as n_prints,  -- how many
    max(known_at) as known_at
from raw.prints
group by known_date, hour_at
"""
DAY = """\
-- what:    Prints, each with how many the day before its hour had.
-- grain:   one row per print
-- status:  live
-- needs:   25h

select
    prints.print_id, prints.known_at,
    cast(sum(past.n_prints) as bigint) as n_day  -- prints of the 24 hours before its hour
from raw.prints as prints
left join features.hours as past
    on
        past.hour_at < date_trunc('hour', prints.known_at)
        and past.hour_at >= date_trunc('hour', prints.known_at) - interval 24 hours
group by prints.print_id, prints.known_at
"""
TOO_MANY = 100_001


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out a small project with prints before and in a span."""
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.write("sql/views/curated/followed.v1.sql", FOLLOWED)
    desk.write("sql/views/features/week.v1.sql", WEEK)
    desk.sessions()
    desk.prints(
        ("old", 1, "01 00:00"), ("a", 900, "01 15:00"), ("b", 900, "05 14:58:30"),
        ("c", 300, "05 15:00"), ("d", 700, "05 16:00"), ("e", 900, "06 00:00"),
    )  # fmt: skip
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def example(desk: SmallDesk, span: Span = SPAN, **what: Any) -> Path:
    """Build the file, and take the store away."""
    path = desk.root / "warehouse.duckdb.example"
    with desk.warehouse() as house:
        build.build(house, path, span, Example(**what))
    shutil.rmtree(desk.root / "store")
    return path


def asked(path: Path, sql: str) -> list[dict[str, Any]]:
    """Return what the file answers."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        return rows(con, sql)


def crowd(desk: SmallDesk, moment: str) -> None:
    """Load more prints of one moment than an example holds."""
    many = [{"print_id": f"m{n}", "price": 1, "known_at": at(moment)} for n in range(TOO_MANY)]
    desk.load("prints", many, feed="many")


def test_it_holds_no_row_that_its_span_does_not_need(desk: SmallDesk) -> None:
    held = asked(example(desk), "select print_id from contract.prints")

    # They reach back to the close of the 26th of February.
    assert [row["print_id"] for row in held] == ["a", "b", "c", "d", "old"]


def test_it_says_from_when_it_holds_rows(desk: SmallDesk) -> None:
    path = example(desk, only={"prints": "price > 1"})

    held = asked(path, "select * from ops.held where dataset = 'prints'")

    assert held == [{
        "dataset": "prints", "since": datetime(2024, 2, 26, 20, 58, 30, tzinfo=UTC),
        "until": SPAN.until, "answers_since": SPAN.since, "is_whole": True,
        "condition": "price > 1",
    }]  # fmt: skip


def test_of_too_many_rows_it_answers_for_the_dense_ones_alone(desk: SmallDesk) -> None:
    crowd(desk, "05 15:30")

    path = example(desk, dense_since=at("05 16:00"))

    said = "select since, answers_since, is_whole from ops.held where dataset = 'prints'"
    held = asked(path, said)
    assert held == [{
        "since": at("05 15:58"), "answers_since": at("05 16:00"), "is_whole": False
    }]  # fmt: skip
    assert asked(path, "select print_id from raw.prints") == [{"print_id": "d"}]
    assert asked(path, "select alert_key from detectors.all_live") == [
        {"alert_key": "prices.high|d"}
    ]


def test_partials_stand_for_the_rows_before_the_dense_ones_and_count_none_twice(
    desk: SmallDesk,
) -> None:
    desk.write("sql/views/features/hours.v1.sql", HOURS)
    desk.write("sql/views/features/day.v1.sql", DAY)
    crowd(desk, "05 13:30")
    desk.prints(("f", 1, "05 15:10"), ("g", 1, "05 15:30"), ("h", 1, "05 15:40"), feed="more")
    # It begins within an hour, a part of which lies before it.
    span = Span(at("05 15:20"), at("06 00:00"))
    with desk.warehouse() as house:
        wanted = rows_of(house.ask("features.day", span.since, span.until))

    path = example(desk, span)

    assert asked(path, "select * from features.day") == wanted
    assert {row["print_id"]: row["n_day"] for row in wanted} == {
        "d": TOO_MANY + 5, "g": TOO_MANY + 1, "h": TOO_MANY + 1,
    }  # fmt: skip
    held = asked(path, "select since, answers_since from ops.held where dataset like 'features%'")
    assert held == [{"since": span.since - timedelta(hours=25), "answers_since": span.since}]


def rows_of(relation: Any) -> list[dict[str, Any]]:
    """Return a relation's rows, in an order of their own."""
    return sorted(relation.to_arrow_table().to_pylist(), key=repr)


def test_two_examples_of_equal_stores_hold_equal_rows(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        desk = small_desk(tmp_path / name)
        desk.prints(("a", 900, "05 15:00"), ("b", 900, "05 16:00"))
        path = example(desk)
        found.append(
            [asked(path, f"select * from {table}") for table in
             ("raw.prints", "contract.loads", "engine.stamps", "ops.clock", "ops.held")]
        )  # fmt: skip

    assert found[0] == found[1]
    assert [row["recorded_at"] for row in found[0][0]] == [
        SPAN.until - timedelta(microseconds=1)
    ] * 2


def test_a_condition_that_does_not_bind_is_told(desk: SmallDesk) -> None:
    with pytest.raises(QueryError, match=r"^--only prints=prise > 1: .*prise"):
        example(desk, only={"prints": "prise > 1"})
