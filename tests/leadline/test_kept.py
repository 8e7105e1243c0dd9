"""A kept view answers as the unkept one, whatever was loaded, overridden or replaced meanwhile."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline import clock
from leadline.errors import ViewError
from leadline.refresh import Made, refresh
from leadline.warehouse import Warehouse
from tests.desks import SmallDesk, at, small_desk

PLAIN = """\
-- what:    Prints as they stand, cheap ones left out.
-- grain:   one row per print
-- status:  live

with params as (
    select 1 as min_price  -- a dollar
)

select prints.print_id, prints.price, names.name, prints.known_at, prints.known_date
from raw.prints as prints
cross join params
left join raw.names as names on prints.print_id = names.name
where prints.price >= params.min_price
"""
HOURS = """\
-- what:    Prints of each hour.
-- grain:   one row per hour
-- status:  live
-- keep:    partials
-- needs:   0s

select
    date_trunc('hour', known_at) as hour_at, known_date,
    max(known_at) as known_at,
    count(*) as n_prints,
    count(name) as n_named,
    sum(price) as price
from curated.plain
group by date_trunc('hour', known_at), known_date
"""
DAYS = """\
-- what:    Prints of each hour beside those of the hours before.
-- grain:   one row per hour
-- status:  live
-- needs:   2d

select hour_at, known_at, sum(price) over so_far as price
from features.hours
window so_far as (
    order by hour_at range between interval 24 hours preceding and interval 1 hours preceding
)
"""
PRINTS = [(f"{day}-{n}", n + 1, f"{day:02} {7 * n:02}:30") for day in (5, 6, 7) for n in range(4)]
LATER = at("20 00:00")
APRIL = LATER + timedelta(days=20)
VIEWS = ("features.hours", "features.days")
NOON = at("05 12:00")
Span = tuple[datetime, datetime]
# All there is, a begin within a day, and a day of its own: what changes a row is seen by these.
FEW: list[Span] = [
    (clock.BEGINNING, clock.FOREVER),
    (NOON, at("07 00:00")),
    (at("06 00:00"), at("07 00:00")),
]


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.write("sql/views/curated/plain.v1.sql", PLAIN)
    desk.write("sql/views/features/hours.v1.sql", HOURS)
    desk.write("sql/views/features/days.v1.sql", DAYS)
    desk.prints(*PRINTS)
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return laid.copy(tmp_path / "desk")


def keep(desk: SmallDesk, **given: Any) -> list[Made]:
    with desk.warehouse(**given) as house:
        return list(refresh(house, LATER))


def spans() -> list[Span]:
    """Every span between midnights, a noon, and the ends of time."""
    days = [NOON, at("06 00:00"), at("07 00:00")]
    return list(combinations([clock.BEGINNING, *days, clock.FOREVER], 2))


def answers(
    house: Warehouse,
    recorded_until: datetime | None = None,
    spans: Sequence[Span] = FEW,
) -> list[Any]:
    return [
        Counter(
            map(str, house.ask(view, since, until, recorded_until).to_arrow_table().to_pylist())
        )
        for view in VIEWS
        for since, until in spans
    ]


def fresh(desk: SmallDesk, spans: Sequence[Span] = FEW, **given: Any) -> list[Any]:
    """Answer without the files."""
    with desk.warehouse(**given) as house:
        house.kept.clear()
        return answers(house, spans=spans)


def is_served(house: Warehouse, day: str) -> bool:
    """Say whether a day's rows come from a file: one that is spoilt would be seen."""
    kept = house.kept["features.hours"]
    return at(f"{day} 00:00").date() in kept.serves(clock.BEGINNING, clock.FOREVER, clock.FOREVER)


def test_every_span_answers_as_without_files(desk: SmallDesk) -> None:
    before = fresh(desk, spans())

    made = keep(desk)

    assert [(each.view, each.day.day, each.n_rows) for each in made] == [
        ("features.hours", day, 4) for day in (5, 6, 7)
    ]
    with desk.warehouse() as house:
        assert answers(house, spans=spans()) == before


MOVES = """\
-- what:    Prints beside the one of the half hour before.
-- grain:   one row per print
-- status:  live
-- needs:   30m

select
    prints.print_id, names.name, prints.known_at, prints.known_date,
    prints.price - max(prints.price) over lately as price
from raw.prints as prints
left join raw.names as names on prints.print_id = names.name
window lately as (
    order by prints.known_at
    range between interval 30 minutes preceding and interval 1 minutes preceding
)
"""


@pytest.fixture
def looking_back(desk: SmallDesk) -> SmallDesk:
    desk.write("sql/views/curated/plain.v1.sql", MOVES)
    desk.prints(("before", 7, "05 23:45"), ("after", 9, "06 00:10"), feed="other")
    desk.prints(("next", 2, "06 23:50"), ("far", 4, "07 00:20"), feed="third")
    return desk


def test_a_kept_day_sees_the_end_of_the_day_before(looking_back: SmallDesk) -> None:
    before = fresh(looking_back, spans())

    made = keep(looking_back)

    assert [each.day.day for each in made] == [5, 6, 7]
    with looking_back.warehouse() as house:
        assert answers(house, spans=spans()) == before
    for path in looking_back.root.glob("store/_kept/features.hours/*/2024-03-06.*"):
        path.unlink()
    with looking_back.warehouse() as house:
        assert answers(house, spans=spans()) == before


def test_a_late_row_at_the_end_of_a_day_makes_the_next_one_anew_too(
    looking_back: SmallDesk,
) -> None:
    keep(looking_back)
    looking_back.prints(("late", 8, "05 23:55"), feed="fourth")

    before = fresh(looking_back, spans())

    with looking_back.warehouse() as house:
        assert answers(house, spans=spans()) == before
        assert [is_served(house, day) for day in ("05", "06", "07")] == [False, False, True]


def test_a_closed_day_is_answered_from_its_file(desk: SmallDesk) -> None:
    keep(desk)
    (path,) = desk.root.glob("store/_kept/features.hours/*/2024-03-06.*.parquet")
    other = f"select * replace (price + 1_000 as price) from '{path}'"
    duckdb.execute(f"copy ({other}) to '{path.with_suffix('.new')}' (format parquet)")
    path.with_suffix(".new").replace(path)

    with desk.warehouse() as house:
        found = house.ask("features.hours", at("05 00:00"), at("08 00:00")).order("all")
        prices = [row["price"] for row in found.to_arrow_table().to_pylist()]

    assert prices == [1, 2, 3, 4, 1_001, 1_002, 1_003, 1_004, 1, 2, 3, 4]


def test_a_late_row_makes_its_day_anew_and_no_other(desk: SmallDesk) -> None:
    keep(desk)
    desk.prints(("late", 50, "06 03:15"), feed="other")

    before = fresh(desk)

    with desk.warehouse() as house:
        assert answers(house) == before
        assert [is_served(house, day) for day in ("05", "06", "07")] == [True, False, True]
    assert [each.day.day for each in keep(desk)] == [6]
    with desk.warehouse() as house:
        assert answers(house) == before


def test_a_replay_sees_what_the_store_knew_then(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        then = house.refresh().recorded_until
        before = answers(house, then)
    desk.prints(("late", 50, "06 03:15"), feed="other")
    keep(desk)

    with desk.warehouse() as house:
        assert answers(house, then) == before


def test_a_forgotten_load_takes_its_days_along(desk: SmallDesk) -> None:
    late = desk.prints(("late", 50, "06 03:15"), feed="other")
    keep(desk)
    with desk.store() as store:
        store.forget(late.load_id)

    before = fresh(desk)

    with desk.warehouse() as house:
        assert answers(house) == before
        assert not is_served(house, "06")


def test_a_state_that_changes_makes_every_day_anew(desk: SmallDesk) -> None:
    keep(desk)
    desk.load("names", [{"name": "5-0", "known_at": at("05 00:00")}], feed="names")

    before = fresh(desk)

    with desk.warehouse() as house:
        assert answers(house) == before
        assert not is_served(house, "05")
    assert len(keep(desk)) == 3


def test_a_state_that_changes_later_leaves_the_days_before(desk: SmallDesk) -> None:
    keep(desk)
    desk.load("names", [{"name": "6-0", "known_at": at("06 10:00")}], feed="names")

    before = fresh(desk)

    with desk.warehouse() as house:
        assert answers(house) == before
        assert [is_served(house, day) for day in ("05", "06", "07")] == [True, False, False]
    assert [each.day.day for each in keep(desk)] == [6, 7]
    with desk.warehouse() as house:
        assert answers(house) == before


def test_the_days_of_a_month_that_is_over_lie_in_one_file(desk: SmallDesk) -> None:
    before = fresh(desk)
    with desk.warehouse() as house:
        list(refresh(house, APRIL))
        files = {path.name[:8] for path in house.kept["features.hours"].files.values()}

        assert files == {"2024-03."}
        assert answers(house) == before


def test_a_late_row_makes_its_day_of_a_joined_month_anew_and_no_other(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        list(refresh(house, APRIL))
    desk.prints(("late", 50, "06 03:15"), feed="other")

    before = fresh(desk)

    with desk.warehouse() as house:
        assert answers(house) == before
        assert [is_served(house, day) for day in ("05", "06", "07")] == [True, False, True]
        assert [each.day.day for each in refresh(house, APRIL)] == [6]
        assert answers(house) == before
        assert len(set(house.kept["features.hours"].files.values())) == 1


def test_a_day_stored_beside_its_month_before_they_are_joined_doubles_nothing(
    desk: SmallDesk,
) -> None:
    with desk.warehouse() as house:
        list(refresh(house, APRIL))
    desk.prints(("late", 50, "06 03:15"), feed="other")
    keep(desk)  # as of a moment at which the month was under way: it joins none

    before = fresh(desk)

    with desk.warehouse() as house:
        assert answers(house) == before
        assert list(refresh(house, APRIL)) == []
        assert is_served(house, "06")
        assert answers(house) == before


def test_an_override_never_meets_another_s_files(desk: SmallDesk) -> None:
    keep(desk)
    params = {"curated.plain": {"min_price": 3}}

    with desk.warehouse(params=params) as house:
        found = answers(house)

    assert found == fresh(desk, params=params)
    assert found != fresh(desk)


def test_a_new_version_of_an_input_never_meets_the_old_one_s_files(desk: SmallDesk) -> None:
    keep(desk)
    text = PLAIN.replace("select 1 as", "select 2 as")
    text = text.replace("status:  live", "status:  live\n-- changed:  v1 took all")
    desk.write("sql/views/curated/plain.v2.sql", text)

    with desk.warehouse() as house:
        newer = answers(house)
    with desk.warehouse(pins={"curated.plain": 1}) as house:
        older = answers(house)
        assert is_served(house, "05")

    assert newer == fresh(desk)
    assert older == fresh(desk, pins={"curated.plain": 1})
    assert newer != older


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "needs:   0s",
            "needs:   2h",
            "features.hours needs 2h, and a kept day sees an hour before itself at most",
        ),
        ("keep:    partials", "keep:    rows", "keep is 'rows'; it takes partials, tick, rolling"),
        ("from curated.plain", "from curated.plain, ops.clock", "it reads ops.clock"),
        ("from curated.plain", "from curated.plain, raw.loads", "it reads raw.loads"),
        ("known_at) as hour_at, known_date,", "known_at) as hour_at,", "without known_date"),
    ],
)
def test_what_can_not_be_kept_is_told(desk: SmallDesk, old: str, new: str, said: str) -> None:
    text = HOURS.replace("select\n    date_trunc", "select\n    date_trunc").replace(old, new)
    desk.write("sql/views/features/hours.v1.sql", text)

    with pytest.raises(ViewError) as error, desk.warehouse():
        pass

    assert said in str(error.value)
