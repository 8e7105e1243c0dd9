"""A planted look ahead is found and named, and what only looks back is left in peace."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from leadline import future
from leadline.clock import Span, midnight
from leadline.errors import QueryError, StoreError, ViewError
from leadline.future import Looked
from tests.desks import HIGH, SUMMED, SmallDesk, at, small_desk

VIEW = """\
-- what:    Prints, and something beside them.
-- grain:   one row per print
-- status:  live
-- needs:   all

select {columns}
from raw.prints as prints
{rest}
"""
PLANTED = {
    "honest": (
        "print_id, price, known_at, "
        "avg(price) over (order by known_at, print_id rows unbounded preceding) as mean_price",
        "",
    ),
    "led": (
        "print_id, price, known_at, "
        "lead(price) over (order by known_at, print_id) as next_price",
        "",
    ),
    "averaged": ("print_id, price, known_at, avg(price) over () as mean_price", ""),
    "revised": (
        "prints.print_id, prints.known_at, names.n_names",
        "cross join (select count(*) as n_names from raw.names) as names",
    ),
    "timeless": ("count(*) as n_prints", ""),
    "chosen": (
        "prints.print_id, prints.known_at",
        "inner join curated.choices as choices on prints.print_id = choices.print_id",
    ),
}  # fmt: skip
CHOICES = """\
-- what:    Prints that somebody chose to see.
-- grain:   one row per print
-- status:  live

select name as print_id, known_at
from raw.names
"""
AFTER = """\
-- what:    The next prices again.
-- grain:   one row per print
-- status:  live
-- needs:   0s

select print_id, next_price, known_at
from features.led
"""
# The later in its hour a print is known, the sooner this says so.
EARLY = HIGH.replace("curated.followed", "raw.prints").replace(
    "known_at as fired_at",
    "date_trunc('hour', prints.known_at) + interval 2 hours "
    "- (prints.known_at - date_trunc('hour', prints.known_at)) as fired_at",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Lay out views that look ahead, each in its own way, among some that do not."""
    desk = small_desk(tmp_path_factory.mktemp("future") / "desk")
    for name, (columns, rest) in PLANTED.items():
        text = VIEW.format(columns=columns, rest=rest)
        if name == "chosen":
            text = text.replace("-- status", "-- scope:   print_id of curated.choices\n-- status")
        desk.write(f"sql/views/features/{name}.v1.sql", text)
    desk.write("sql/views/curated/choices.v1.sql", CHOICES)
    desk.write("sql/views/features/summed.v1.sql", SUMMED)
    desk.write("sql/views/features/after.v1.sql", AFTER)
    desk.write("sql/detectors/prices/early.v1.sql", EARLY)
    desk.write("sql/detectors/prices/high.v1.sql", HIGH.replace("curated.followed", "raw.prints"))
    prints = [(f"p{n:02}", 90 + 7 * n % 50, f"{4 + n % 5:02} 15:{10 + n:02}") for n in range(40)]
    desk.prints(*prints)
    named = [{"name": f"p{n:02}", "known_at": at(f"{4 + n % 5:02} 20:00")} for n in range(0, 40, 7)]
    desk.load("names", named, feed="names")
    return desk


@pytest.fixture(scope="module")
def found(desk: SmallDesk) -> Mapping[str, Looked]:
    """Look at all of them at once."""
    with desk.warehouse() as house:
        views = future.named(house)
        looked = list(future.look(house, views, future.plan(house, n_cuts=2, n_rows=2)))
    return {each.name: each for each in looked}


def test_what_looks_back_is_told_the_same_and_what_shows_the_end_is_left_out(
    found: Mapping[str, Looked],
) -> None:
    states = {name: (each.state, each.n_rows > 3) for name, each in found.items()}

    assert states["features.honest"] == ("ok", True)
    assert states["prices.high"] == ("ok", True)
    assert states["curated.choices"] == ("ok", True)
    assert found["features.timeless"].reason == future.NO_CLOCK


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("features.led", "next_price is null, was 1"),
        ("features.averaged", "mean_price is "),
        ("features.revised", "n_names is "),
    ],
)
def test_a_planted_look_ahead_is_found_and_its_first_row_shown(
    found: Mapping[str, Looked], name: str, said: str
) -> None:
    looked = found[name]

    assert looked.state == "changed"
    assert 0 < looked.n_changed <= looked.n_rows
    assert said in looked.changes[0].first
    assert "print_id p" in looked.changes[0].first


def test_a_view_that_reads_what_looks_ahead_names_it(found: Mapping[str, Looked]) -> None:
    assert found["features.after"].after == ["features.led"]
    assert found["features.led"].after == []


def test_an_alert_that_is_earlier_where_all_is_later_is_found(found: Mapping[str, Looked]) -> None:
    early = found["prices.early"]

    assert early.changes[0].what == "all known 0:00:00.250000 later"
    assert "prices.high|p" in early.changes[0].first
    assert early.later[0].earlier is not None
    assert [each.n_later for each in found["prices.high"].later] == [
        found["prices.high"].later[0].n_later
    ] * 2


def test_the_open_day_of_what_adds_up_may_come_and_what_a_person_chose_later_may_go(
    found: Mapping[str, Looked],
) -> None:
    assert found["features.summed"].state == "ok"
    assert found["features.summed"].n_rows > 0
    assert found["features.chosen"].state == "ok"


def test_without_its_scope_what_is_chosen_later_is_a_look_ahead(
    desk: SmallDesk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = desk.copy(tmp_path_factory.mktemp("unscoped") / "desk")
    path = own.root / "sql/views/features/chosen.v1.sql"
    path.write_text(path.read_text().replace("-- scope:   print_id of curated.choices\n", ""))

    with own.warehouse() as house:
        asked = future.plan(house, n_cuts=2, n_rows=0, shifts=())
        (chosen,) = future.look(house, future.named(house, ["features.chosen"]), asked)

    assert chosen.state == "changed"
    assert chosen.changes[0].first.endswith("is not told")


def test_a_scope_that_says_no_view_is_told(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        view = house.catalog.find("features.chosen")
        view.header.values["scope"] = "print_id"

        with pytest.raises(ViewError, match=r"chosen.v1.sql:3: scope is 'print_id'; write it as"):
            future.scope_of(view)

        view.header.values["scope"] = "print_id of curated.choices"


def test_a_scaled_column_is_not_looked_at_and_must_be_one(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        view = house.catalog.find("features.averaged")
        view.header.values["scaled"] = "mean_price"
        asked = future.plan(house, n_cuts=1, n_rows=0, shifts=())
        (averaged,) = future.look(house, [view], asked)

        view.header.values["scaled"] = "mean_prise"
        view.header.lines["scaled"] = 4
        with pytest.raises(ViewError, match="scaled names 'mean_prise', no column; did you mean"):
            future.scaled_of(view, house.columns("features.averaged"))
        del view.header.values["scaled"]

    assert averaged.state == "ok"


def test_the_same_seed_draws_the_same_moments_and_each_lies_in_the_span(desk: SmallDesk) -> None:
    span = Span(midnight(at("05 00:00").date()), at("07 00:00"))
    with desk.warehouse() as house:
        one, other = (future.plan(house, n_cuts=4, seed=3, span=span) for _ in range(2))
        third = future.plan(house, n_cuts=4, seed=4, span=span)

    assert one == other
    assert one.cuts != third.cuts
    assert all(span.since < cut <= span.until + timedelta(microseconds=1) for cut in one.cuts)


def test_a_span_without_events_and_a_view_of_the_end_are_told(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        with pytest.raises(QueryError, match="no event became known in this span"):
            future.plan(house, span=Span(at("20 00:00"), at("21 00:00")))
        with pytest.raises(ViewError, match=r"features.lad: no such view; did you mean"):
            future.named(house, ["features.lad"])


def test_a_view_that_counts_sessions_says_that_there_are_none(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    own = small_desk(tmp_path_factory.mktemp("sessions") / "desk")
    text = VIEW.format(columns="prints.print_id, prints.known_at", rest="cross join raw.sessions")
    own.write("sql/views/features/counting.v1.sql", text.replace("all", "2 sessions"))
    own.prints(("a", 1, "05 15:00"))

    with own.warehouse() as house, pytest.raises(StoreError, match="run leadline load sessions"):
        list(future.look(house, future.named(house), future.plan(house)))


def test_nothing_of_it_stays_behind(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        asked = future.plan(house, n_cuts=1, n_rows=0, shifts=())
        list(future.look(house, future.named(house, ["features.honest"]), asked))
        left = (
            house.engine.connect()
            .execute("select count(*) from duckdb_tables() where table_name like '% held'")
            .fetchall()
        )

    assert left == [(0,)]
