"""What is below a view stands once in its SELECT, and answers as it does where it is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadline.clock import BEGINNING, FOREVER, Span
from leadline.errors import QueryError
from leadline.question import Questions, whole
from leadline.refresh import refresh
from leadline.steps import Step, Steps
from leadline.warehouse import Warehouse
from tests.desks import SUMMED, SmallDesk, at, small_desk
from tests.doors import alone, rows

HEADER = "-- what:    {}.\n-- grain:   one row per {}\n-- status:  live\n-- needs:   {}\n\n"
# Whoever draws again draws another number.
DRAWN = HEADER.format("A number drawn for each print", "print", "0s") + (
    "select print_id, known_at, random() as drawn  -- 0 to 1\n"
    "from raw.prints\ngroup by print_id, known_at\n"
)
FIRST = HEADER.format("What was drawn", "print", "0s") + (
    "select print_id, known_at, drawn from features.drawn\n"
)
BOTH = HEADER.format("What two read", "print", "0s") + (
    "select one.print_id, one.known_at, one.drawn, other.drawn as drawn_again  -- 0 to 1\n"
    "from features.first as one\n"
    "inner join features.drawn as other on one.print_id = other.print_id\n"
)
# Each reader of what is never shared draws for itself.
FRESH = DRAWN.replace("-- needs", "-- shared:  never\n-- needs")
TWICE = BOTH.replace("features.first", "features.fresh").replace("features.drawn", "features.fresh")
PRINTS = (("a", 10, "05 14:59"), ("b", 200, "05 15:00"), ("c", 30, "06 15:00"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("steps") / "desk")
    views = {"drawn": DRAWN, "first": FIRST, "both": BOTH, "summed": SUMMED}
    for name, text in (views | {"fresh": FRESH, "twice": TWICE}).items():
        desk.write(f"sql/views/features/{name}.v1.sql", text)
    desk.prints(*PRINTS)
    return desk


@pytest.fixture(scope="module")
def house(desk: SmallDesk) -> Iterator[Warehouse]:
    with desk.warehouse() as house:
        yield house


@pytest.fixture(scope="module")
def questions(desk: SmallDesk) -> Iterator[Questions]:
    """Open the locked door."""
    with alone(1) as engine, desk.warehouse(engine=engine) as house:
        yield Questions(house)


def test_what_two_readers_share_is_computed_once(house: Warehouse) -> None:
    by_door = rows(house.ask("features.both", BEGINNING, FOREVER))
    nested = rows(house.cursor("features.both", BEGINNING, FOREVER).sql("from features.both"))

    assert len(by_door) == len(PRINTS)
    assert all(row["drawn"] == row["drawn_again"] for row in by_door)
    assert not any(row["drawn"] == row["drawn_again"] for row in nested)


def test_what_is_never_shared_is_computed_for_each_reader(house: Warehouse) -> None:
    found = rows(house.ask("features.twice", BEGINNING, FOREVER))

    assert len(found) == len(PRINTS)
    assert not any(row["drawn"] == row["drawn_again"] for row in found)


def test_a_question_with_a_limit_shares_too(questions: Questions) -> None:
    sql = "select drawn = drawn_again as is_same from features.both limit 2"

    found = whole(questions.answer(sql, BEGINNING, FOREVER)).to_pylist()

    assert found == [{"is_same": True}] * 2


def test_a_span_cuts_what_comes_of_steps(house: Warehouse) -> None:
    found = rows(house.ask("features.both", at("06 00:00"), FOREVER))

    assert [row["print_id"] for row in found] == ["c"]


def test_views_that_a_question_names_share_steps_too(questions: Questions) -> None:
    sql = (
        "with mine as (select * from features.both) "
        "select count(*) as n from mine inner join features.first using (print_id, drawn)"
    )

    found = whole(questions.answer(sql, BEGINNING, FOREVER)).to_pylist()

    assert found == [{"n": len(PRINTS)}]


def test_a_question_has_its_own_steps_beside_them(questions: Questions) -> None:
    sql = (
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 3) "
        "select n.i, features.both.print_id from n, features.both "
        "where features.both.drawn = features.both.drawn_again order by all"
    )

    found = whole(questions.answer(sql, at("05 14:59"), FOREVER)).to_pylist()

    assert found == [{"i": i, "print_id": name} for i in (1, 2, 3) for name in "abc"]


def test_a_mistake_is_told_with_the_line_that_was_asked(questions: Questions) -> None:
    with pytest.raises(QueryError) as told:
        questions.answer("select print_id,\n    drwan\nfrom features.both", BEGINNING, FOREVER)

    assert str(told.value).startswith("query:2: ")
    assert "did you mean 'drawn'" in str(told.value)


def test_rows_that_lie_ready_are_read_and_not_computed(desk: SmallDesk, tmp_path: Path) -> None:
    with desk.copy(tmp_path / "desk").warehouse() as house:
        list(refresh(house, at("08 00:00")))
        before = house.steps.before(["features.summed", "features.summed"])
        house.con.execute("create table engine.mine as select 'z' as print_id")
        house.con.execute('create view engine."features.drawn held" as from engine.mine')
        house.hold("features.drawn", Span(BEGINNING, FOREVER))
        held = house.steps.before(["features.first", "features.drawn"])

    assert before == '"features.summed" as not materialized (from features.summed)'
    assert held.startswith('"features.drawn" as not materialized (from features.drawn), ')


def test_what_nobody_shares_stays_a_view(house: Warehouse) -> None:
    assert house.cut("features.first", BEGINNING) == "features.first"
    assert house.steps.before(["features.first", "raw.prints"]) == ""


def test_a_view_is_computed_whatever_is_held_of_it(desk: SmallDesk, tmp_path: Path) -> None:
    with desk.copy(tmp_path / "desk").warehouse() as house:
        computed = house.steps.computed(house.fingerprint("features.both"))
        alone = house.steps.computed(house.fingerprint("features.first"))

    assert computed.startswith('(with "features.drawn" as materialized (')
    assert 'inner join "features.drawn" as other' in computed
    assert "from features.drawn" in alone


def test_steps_come_after_what_they_read_and_once() -> None:
    steps = Steps(
        {
            "a.low": Step("from raw.t", ("raw.t",)),
            "a.one": Step("select * from a.low as x", ("a.low",)),
            "a.two": Step("select distinct n from a.low union from a.one", ("a.low", "a.one")),
        },
        lambda name: False,
    )

    assert steps.before(["a.two", "a.one"]) == (
        '"a.low" as materialized (\nfrom raw.t\n), '
        '"a.one" as materialized (\nselect * from "a.low" as x\n), '
        '"a.two" as (\nselect distinct n from "a.low" as "low" union from "a.one" as "one"\n)'
    )
