"""What ticks hold is computed once, for a tick or for those that follow, and answers as anew."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from leadline import schema
from leadline.alerts import Alerts
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import ViewError
from leadline.held import Held
from leadline.warehouse import Warehouse
from tests.desks import FOLLOWED, HIGH, SmallDesk, at, small_desk

HELD = FOLLOWED.replace("-- needs:   90s", "-- keep:    tick\n-- needs:   90s")
LOW = HIGH.replace("prices.high|", "prices.low|").replace(">=", "<")
PRINTS = [(str(n), 90 + 7 * n % 31, f"05 15:{n:02}") for n in range(20)]
SINCE, UNTIL = at("05 15:05"), at("05 15:15")
BOTH = {"detectors.prices_high": SINCE, "detectors.prices_low": at("05 15:08")}


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("laid") / "desk")
    desk.write("sql/views/curated/followed.v1.sql", HELD)
    desk.write("sql/detectors/prices/low.v1.sql", LOW)
    desk.prints(*PRINTS)
    return desk


@pytest.fixture
def desk(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    return laid.copy(tmp_path / "desk")


@pytest.fixture
def house(desk: SmallDesk) -> Iterator[Warehouse]:
    with desk.warehouse() as house:
        yield house


def answers(house: Warehouse) -> dict[str, list[str]]:
    return {
        name: sorted(str(row) for row in house.ask(name, since, UNTIL).to_arrow_table().to_pylist())
        for name, since in BOTH.items()
    }


def held(house: Warehouse) -> int:
    """How many rows are held."""
    counted = f"select count(*) from {schema.holds('curated.followed')}"
    return int(house.con.execute(counted).fetchall()[0][0])


def test_detectors_answer_the_same_while_it_is_held_and_after(house: Warehouse) -> None:
    before = answers(house)

    with Held(house).over(BOTH, UNTIL):
        meanwhile = answers(house)

    assert before == meanwhile == answers(house)
    assert all(before.values())


def test_it_holds_the_rows_since_the_earliest_that_is_asked(house: Warehouse) -> None:
    with Held(house).over(BOTH, UNTIL):
        assert held(house) == 10


def test_what_is_held_is_what_answers(house: Warehouse) -> None:
    with Held(house).over(BOTH, UNTIL):
        house.con.execute(f"delete from {schema.holds('curated.followed')}")

        assert answers(house) == {name: [] for name in BOTH}


def test_what_only_one_detector_reads_is_not_held(house: Warehouse) -> None:
    one = {"detectors.prices_high": SINCE}
    with Held(house).over(one, UNTIL), pytest.raises(duckdb.CatalogException):
        held(house)


def test_nothing_is_held_once_it_is_over_or_broken(house: Warehouse) -> None:
    with pytest.raises(ZeroDivisionError), Held(house).over(BOTH, UNTIL):
        _ = 1 / 0
    with pytest.raises(duckdb.CatalogException):
        held(house)
    assert all(answers(house).values())


def test_sessions_are_counted_also_where_nothing_was_asked_before(desk: SmallDesk) -> None:
    text = HELD.replace("-- needs:   90s", "-- needs:   2 sessions")
    desk.write("sql/views/curated/followed.v1.sql", text)
    desk.sessions()

    with desk.warehouse() as house, Held(house).over(BOTH, UNTIL):
        assert held(house) == 10


def test_all_of_time_can_be_held(house: Warehouse) -> None:
    with Held(house).over(dict.fromkeys(BOTH, BEGINNING), UNTIL):
        assert held(house) == 15


FINAL = """\
-- what:    Prints, each with the one before.
-- grain:   one row per print
-- status:  live
-- keep:    rolling
-- needs:   90s

select
    print_id, price, known_at,
    case
        when known_at - lag(known_at) over in_order <= interval 90 seconds
            then lag(print_id) over in_order
    end as previous_id  -- the print before
from raw.prints
window in_order as (order by known_at, print_id)
"""
MINUTES = """\
-- what:    Minutes with their prints.
-- grain:   one row per minute
-- status:  live
-- keep:    rolling 1m
-- needs:   0s

select
    cast(count(*) as text) as print_id,
    cast(sum(price) as bigint) as price,
    max(known_at) as known_at
from raw.prints
group by date_trunc('minute', known_at)
"""
ASKED = "detectors.prices_high"


@pytest.fixture
def final(desk: SmallDesk) -> SmallDesk:
    desk.write("sql/views/curated/followed.v1.sql", FINAL)
    return desk


def rows(house: Warehouse) -> list[dict[str, Any]]:
    """What is held, whoever would be shown it."""
    name = schema.holds("curated.followed")
    found = house.con.sql(f"from {name} order by known_at, print_id")
    return list(found.to_arrow_table().to_pylist())


def ids(house: Warehouse) -> list[str]:
    return [str(row["print_id"]) for row in rows(house)]


def tick(held: Held, since: datetime, until: datetime) -> None:
    with held.over({ASKED: since}, until):
        pass


def spoil(house: Warehouse) -> None:
    """Make what is held tell itself from what is computed."""
    house.con.execute(f"update {schema.holds('curated.followed')} set previous_id = 'held'")


def spoiled(house: Warehouse) -> list[str]:
    return [str(row["print_id"]) for row in rows(house) if row["previous_id"] == "held"]


def test_rolling_rows_are_added_to_and_not_computed_again(final: SmallDesk) -> None:
    with final.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:02"), at("05 15:05"))
        spoil(house)
        tick(held, at("05 15:05"), at("05 15:07"))

        assert ids(house) == ["2", "3", "4", "5", "6"]
        assert spoiled(house) == ["2", "3", "4"]
        assert [row["previous_id"] for row in rows(house)[3:]] == ["4", "5"]


def test_rows_that_came_late_are_computed_with_all_that_follow(final: SmallDesk) -> None:
    with final.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:02"), at("05 15:07"))
        spoil(house)
        final.prints(("late", 100, "05 15:04"), feed="late")
        held.hear("prints", at("05 15:04"))
        tick(held, at("05 15:07"), at("05 15:08"))

        assert ids(house) == ["2", "3", "4", "late", "5", "6", "7"]
        assert spoiled(house) == ["2", "3"]


def test_what_is_needed_from_before_what_is_held_is_computed(final: SmallDesk) -> None:
    with final.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:04"), at("05 15:06"))
        spoil(house)
        tick(held, at("05 15:03"), at("05 15:07"))

        assert (ids(house), spoiled(house)) == (["3", "4", "5", "6"], [])


def test_a_change_of_state_has_all_computed_anew(final: SmallDesk) -> None:
    named = FINAL.replace("from raw.prints", "from raw.prints left join raw.names on name = 'x'")
    named = named.replace("print_id, price, known_at", "print_id, price, raw.prints.known_at")
    named = named.replace("order by known_at", "order by raw.prints.known_at")
    named = named.replace(
        "when known_at - lag(known_at)", "when raw.prints.known_at - lag(raw.prints.known_at)"
    )
    final.write("sql/views/curated/followed.v1.sql", named)
    with final.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:02"), at("05 15:05"))
        spoil(house)
        held.hear("names", at("05 15:06"))
        tick(held, at("05 15:04"), at("05 15:06"))

        assert (ids(house), spoiled(house)) == (["4", "5"], [])


def test_a_load_that_is_forgotten_has_all_computed_anew(final: SmallDesk) -> None:
    wrong = final.prints(("wrong", 1, "05 15:03"), feed="wrong")
    with final.warehouse() as house, final.store() as store:
        held = Held(house)
        tick(held, at("05 15:02"), at("05 15:05"))
        store.forget(wrong.load_id)
        tick(held, at("05 15:02"), at("05 15:06"))

        assert ids(house) == ["2", "3", "4", "5"]


def test_the_minute_under_way_is_computed_anew(desk: SmallDesk) -> None:
    desk.write("sql/views/curated/followed.v1.sql", MINUTES)
    desk.prints(("a", 1, "05 15:05:10"), ("b", 1, "05 15:05:50"), feed="more")
    with desk.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:04"), at("05 15:05:20"))
        first = [row["print_id"] for row in rows(house)]
        tick(held, at("05 15:05:20"), at("05 15:06:30"))

        assert first == ["1", "2"]
        assert [row["print_id"] for row in rows(house)] == ["1", "3", "1"]


def test_it_is_read_anew_from_its_begin_beside_others_that_roll(desk: SmallDesk) -> None:
    desk.write("sql/views/curated/early.v1.sql", FINAL)
    desk.write("sql/views/curated/followed.v1.sql", MINUTES)
    desk.write("sql/detectors/prices/low.v1.sql", LOW.replace("curated.followed", "curated.early"))
    desk.prints(("a", 1, "05 15:20:10"), ("b", 1, "05 15:20:50"), feed="more")
    with desk.warehouse() as house:
        held, minute = Held(house), at("05 15:20")
        for second in (20, 70):
            both = dict.fromkeys(BOTH, minute - timedelta(minutes=5))
            with held.over(both, minute + timedelta(seconds=second)):
                assert ids(house)[-1] == {20: "1", 70: "2"}[second]


def test_a_question_sees_the_rows_of_its_own_span_alone(final: SmallDesk) -> None:
    both = {"detectors.prices_high": at("05 15:00"), "detectors.prices_low": at("05 15:08")}
    with final.warehouse() as house, Held(house).over(both, at("05 15:12")):
        cursor = house.cursor("detectors.prices_low", at("05 15:08"), at("05 15:10"))
        found = cursor.sql("from curated.followed").to_arrow_table()["print_id"].to_pylist()

    assert sorted(found) == ["8", "9"]


def test_between_ticks_others_are_answered_anew(final: SmallDesk) -> None:
    with final.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:10"), at("05 15:12"))
        spoil(house)

        asked = house.ask("curated.followed", BEGINNING, FOREVER).to_arrow_table().to_pylist()
        tick(held, at("05 15:12"), at("05 15:13"))

        assert (len(asked), [row for row in asked if row["previous_id"] == "held"]) == (20, [])
        assert (ids(house), spoiled(house)) == (["10", "11", "12"], ["10", "11"])


def test_a_tick_that_breaks_leaves_nothing_to_go_on_from(final: SmallDesk) -> None:
    with final.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:02"), at("05 15:05"))
        spoil(house)
        with pytest.raises(ZeroDivisionError), held.over({ASKED: at("05 15:05")}, at("05 15:06")):
            _ = 1 / 0
        tick(held, at("05 15:05"), at("05 15:07"))

        assert (ids(house), spoiled(house)) == (["5", "6"], [])


def test_what_nobody_looks_back_to_is_held_for_a_while_only(final: SmallDesk) -> None:
    final.prints(*((f"n{n}", 1, f"05 16:{n:02}") for n in range(60)), feed="more")
    with final.warehouse() as house:
        held, n_held = Held(house), []
        tick(held, at("05 15:59"), at("05 16:01"))
        for minute in range(2, 60):
            tick(held, at(f"05 16:{minute - 1:02}"), at(f"05 16:{minute:02}"))
            n_held.append(len(rows(house)))

        assert ids(house)[-1] == "n58"
    assert (min(n_held[20:]), max(n_held)) == (4, 8)


def test_deleted_rows_do_not_take_room_for_ever(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.held._MANY", 20)
    desk.write("sql/views/curated/followed.v1.sql", MINUTES)
    desk.prints(*((f"s{n}", 1, f"05 16:00:{n:02}") for n in range(60)), feed="more")
    table = schema.holds("curated.followed").removeprefix("engine.").strip('"')
    room = (
        f"select estimated_size from duckdb_tables() where table_name = '{table}' "
        "and database_name = current_database()"
    )
    with desk.warehouse() as house:
        held, sizes = Held(house), []
        tick(held, at("05 15:59"), at("05 16:00:01"))
        for second in range(2, 60):
            tick(held, at(f"05 16:00:{second - 1:02}"), at(f"05 16:00:{second:02}"))
            sizes += [size for (size,) in house.con.execute(room).fetchall()]

        assert [row["print_id"] for row in rows(house)] == ["59"]
    assert 20 <= max(sizes) <= 22


def test_what_looks_far_back_is_computed_and_the_others_go_on(
    final: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadline.held._FAR", timedelta(minutes=5))
    with final.warehouse() as house:
        held = Held(house)
        tick(held, at("05 15:04"), at("05 15:06"))
        spoil(house)
        with held.over({ASKED: at("05 15:01")}, at("05 15:07")):
            seen = house.ask(ASKED, at("05 15:01"), at("05 15:07")).to_arrow_table()
        tick(held, at("05 15:06"), at("05 15:08"))

        assert held.is_far(ASKED, at("05 15:01"), at("05 15:07"))
        assert not held.is_far(ASKED, at("05 15:06"), at("05 15:08"))
        assert (ids(house), spoiled(house)) == (["4", "5", "6", "7"], ["4", "5"])
    wanted = [f"prices.high|{n}" for n, price, _ in PRINTS[1:7] if price >= 100]
    assert sorted(seen["alert_key"].to_pylist()) == wanted


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in (1, 2))])
def test_ticks_in_which_rows_come_late_make_the_alerts_of_one_look(
    final: SmallDesk, seed: int
) -> None:
    draw, alerts = Random(seed), list[str]()
    with final.warehouse() as house, final.store() as store:
        ticking = Alerts(house, store)
        for n in range(12):
            late = timedelta(seconds=draw.choice((0, 0, 0, 45, 200)))
            moment = at("05 16:00") + timedelta(seconds=30 * n) - late
            row = {"print_id": f"n{n}", "price": draw.randrange(90, 120), "known_at": moment}
            final.load("prints", [row], feed=str(n))
            told = ticking.tick()
            alerts += [alert["alert_key"] for alert in told.alerts]
        held = rows(house)
        batch = house.ask("curated.followed", BEGINNING, FOREVER).to_arrow_table().to_pylist()
        # What came in the last minute waits for its end.
        alerts += [alert["alert_key"] for alert in ticking.tick(at("05 17:00")).alerts]
        found = house.ask("detectors.all_live", BEGINNING, FOREVER).to_arrow_table()

    assert sorted(alerts) == sorted(found["alert_key"].to_pylist())
    batch.sort(key=lambda row: (row["known_at"], row["print_id"]))
    assert held
    assert held == [row for row in batch if held[0]["known_at"] <= row["known_at"]][: len(held)]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("rows", "keep is 'rows'; it takes partials"),
        ("rolling 1w", "keep is 'rolling 1w'; it takes partials"),
        ("tick 1h", "keep is 'tick 1h'; it takes partials"),
    ],
)
def test_a_word_that_it_does_not_know_is_a_sentence(final: SmallDesk, said: str, why: str) -> None:
    path = final.write(
        "sql/views/curated/followed.v1.sql", FINAL.replace("keep:    rolling", f"keep:    {said}")
    )

    with pytest.raises(ViewError, match=f"{path.name}:4: {why}"), final.warehouse():
        pass


def test_rows_that_change_when_they_are_withdrawn_can_not_roll(final: SmallDesk) -> None:
    changing = FINAL.replace("price, known_at,", "price, known_at, null as withdrawn_at,")
    final.write("sql/views/curated/followed.v1.sql", changing)

    with pytest.raises(ViewError, match="give it in a view of its own"), final.warehouse():
        pass
