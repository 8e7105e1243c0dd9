from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pytest

from leadline.catalog import Catalog
from leadline.clock import BEGINNING, FOREVER
from leadline.errors import LeadlineError, QueryError, StoreError, ViewError
from leadline.warehouse import Warehouse
from tests.desks import (
    CALLED,
    FOLLOWED,
    HIGH,
    SmallDesk,
    at,
    load_into,
    measured_desk,
    plant,
)
from tests.doors import rows

HEAD = "-- what:    A step.\n-- grain:   one row per print\n-- status:  live\n-- needs:   {}\n\n"
SEEN = "select print_id, known_at, count(*) over () as n_seen from {}\n"


def ids(house: Warehouse, view: str, since: str, until: str, **given: Any) -> list[str]:
    """Return which prints a view answers."""
    return sorted(row["print_id"] for row in rows(house.ask(view, at(since), at(until), **given)))


def test_a_row_known_at_since_is_in_and_one_known_at_until_is_out(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 14:59:59"), ("b", 1, "05 15:00"), ("c", 1, "05 16:00"))

    with desk.warehouse() as house:
        found = ids(house, "curated.followed", "05 15:00", "05 16:00")

    assert found == ["b"]


def test_a_detector_is_cut_by_fired_at(desk: SmallDesk) -> None:
    desk.prints(("a", 500, "05 14:59:59"), ("b", 500, "05 15:00"), ("c", 500, "05 16:00"))

    with desk.warehouse() as house:
        found = rows(house.ask("prices.high", at("05 15:00"), at("05 16:00")))

    assert [row["alert_key"] for row in found] == ["prices.high|b"]


def test_a_window_does_not_see_what_is_known_at_until(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"), ("b", 1, "05 16:00"))

    with desk.warehouse() as house:
        before = rows(house.ask("curated.followed", at("05 15:00"), at("05 16:00")))
        after = rows(house.ask("curated.followed", at("05 15:00"), at("05 16:00:00.000001")))

    assert [row["next_id"] for row in before] == [None]
    assert [row["next_id"] for row in after] == ["b", None]


def test_a_window_sees_the_rows_that_its_needs_open_before_since(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 14:58:29"), ("b", 1, "05 14:58:30"), ("c", 1, "05 15:00"))

    with desk.warehouse() as house:
        (found,) = rows(house.ask("curated.followed", at("05 15:00"), at("05 16:00")))

    assert (found["print_id"], found["previous_id"], found["n_seen"]) == ("c", "b", 2)


def test_needs_add_up_along_the_dependencies(desk: SmallDesk) -> None:
    desk.sessions()
    desk.write(
        "sql/views/curated/low.v1.sql", HEAD.format("5 sessions") + SEEN.format("raw.prints")
    )
    desk.write("sql/views/curated/mid.v1.sql", HEAD.format("90s") + SEEN.format("curated.low"))
    desk.write("sql/views/curated/ever.v1.sql", HEAD.format("all") + SEEN.format("curated.mid"))
    desk.prints(
        ("a", 1, "05 14:58:29"), ("b", 1, "12 20:58:29.999"), ("c", 1, "12 20:58:30"),
        ("d", 1, "19 20:59"), ("e", 1, "19 21:00"),
    )  # fmt: skip

    with desk.warehouse() as house:
        house.refresh()
        # 90 s before the close of 19 March is in its session; five closed ones lie before it.
        low = house.opened("curated.low", at("19 21:00"))
        mid = house.opened("curated.mid", at("19 21:00"))
        ever = house.opened("curated.ever", at("19 21:00"))
        (row,) = rows(house.ask("curated.ever", at("19 21:00"), at("20 00:00")))

    assert low == at("12 21:00")
    assert mid == at("11 21:00")
    assert ever == BEGINNING
    assert (row["print_id"], row["n_seen"]) == ("e", 5)


def test_an_input_that_is_read_further_back_opens_no_other_further(desk: SmallDesk) -> None:
    quotes = (desk.root / "sql/tables/prints.sql").read_text().replace("prints (", "quotes (")
    desk.write("sql/tables/quotes.sql", quotes)
    desk.write(
        "sql/views/curated/quoted.v1.sql",
        HEAD.format("90s, 2h of raw.quotes")
        + "select prints.print_id, prints.known_at, (select count(*) from raw.prints) as n_prints, "
        "(select count(*) from raw.quotes) as n_quotes\nfrom raw.prints as prints\n",
    )
    moments = {"a": "05 12:59", "b": "05 13:00", "c": "05 14:58:30", "d": "05 15:00"}
    told = [{"print_id": n, "price": 1, "known_at": at(when)} for n, when in moments.items()]
    desk.load("prints", told)
    desk.load("quotes", told, feed="quoting")

    with desk.warehouse() as house:
        found = rows(house.ask("curated.quoted", at("05 15:00"), at("05 16:00")))

    counted = [(each["print_id"], each["n_prints"], each["n_quotes"]) for each in found]
    assert counted == [("d", 2, 3)]


def test_a_pinned_version_opens_its_own_needs(desk: SmallDesk) -> None:
    desk.write(
        "sql/views/curated/followed.v2.sql",
        FOLLOWED.replace("90s", "3h\n-- changed: v1 saw less").replace("live", "draft"),
    )

    with desk.warehouse() as house:
        opened = [house.opened(f"curated.followed{v}", at("05 15:00")) for v in ("", "_v1", "_v2")]

    assert opened == [at("05 14:58:30"), at("05 14:58:30"), at("05 12:00")]


def test_state_is_whole_below_and_cut_above(desk: SmallDesk) -> None:
    moments = {"old": at("01 00:00"), "new": at("05 15:30"), "future": at("05 16:00")}
    desk.load("names", [{"name": name, "known_at": when} for name, when in moments.items()])
    desk.write(
        "sql/views/curated/called.v1.sql",
        HEAD.replace("-- needs:   {}\n", "") + "select name, known_at from raw.names\n",
    )

    with desk.warehouse() as house:
        raw = rows(house.ask("raw.names", at("05 15:00"), at("05 16:00")))
        called = rows(house.ask("curated.called", at("05 15:00"), at("05 16:00")))

    assert sorted(row["name"] for row in raw) == ["new", "old"]
    assert sorted(row["name"] for row in called) == ["new", "old"]


@pytest.mark.parametrize(
    "view", ["prices.called", "detectors.prices_called_v1", "detectors.all_live"]
)
def test_a_detector_over_nothing_but_state_is_cut_to_the_span(desk: SmallDesk, view: str) -> None:
    moments = {"old": at("01 00:00"), "new": at("05 15:30"), "future": at("05 16:00")}
    desk.load("names", [{"name": name, "known_at": when} for name, when in moments.items()])
    desk.write("sql/detectors/prices/called.v1.sql", CALLED)

    with desk.warehouse() as house:
        found = rows(house.ask(view, at("05 15:00"), at("05 16:00")))

    assert [row["entity"] for row in found] == ["new"]


def test_the_ledger_is_cut_above_too(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    with desk.warehouse() as house:
        then = rows(house.ask("raw.loads", BEGINNING, at("06 00:00")))
        now = rows(house.ask("raw.loads", BEGINNING, FOREVER))

    assert (len(then), len(now)) == (0, 1)


def test_recorded_until_answers_what_the_store_knew_then(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))
    with desk.warehouse() as house:
        known_then = house.refresh().recorded_until
    late = desk.prints(("b", 1, "05 15:01"), feed="late")

    with desk.warehouse() as house:
        now = ids(house, "curated.followed", "05 15:00", "05 16:00")
        then = ids(house, "curated.followed", "05 15:00", "05 16:00", recorded_until=known_then)
        house.store.forget(late.load_id)
        after = ids(house, "curated.followed", "05 15:00", "05 16:00")

    assert (now, then, after) == (["a", "b"], ["a"], ["a"])


def test_a_forgotten_load_is_seen_by_a_question_about_an_earlier_state(desk: SmallDesk) -> None:
    wrong = desk.prints(("a", 1, "05 15:00"))

    with desk.warehouse() as house:
        known_then = house.refresh().recorded_until
        house.store.forget(wrong.load_id)
        now = ids(house, "curated.followed", "05 15:00", "05 16:00")
        then = ids(house, "curated.followed", "05 15:00", "05 16:00", recorded_until=known_then)

    assert (now, then) == ([], ["a"])


def test_rows_without_a_line_in_the_ledger_are_not_there_yet(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    with desk.warehouse() as house:
        table = house.store.tables["prints"]
        parts = table.write(
            house.store.con,
            "select 'b' as print_id, 1::bigint as price, timestamptz '2024-03-05 15:01Z' as "
            "known_at, 'x' as source, 'crashed' as load_id, false as is_gone, "
            "1::bigint as sequence, date '2024-03-05' as known_date",
        )
        table.append(parts, "crashed")
        found = ids(house, "raw.prints", "05 15:00", "05 16:00")

    assert found == ["a"]


def test_a_load_through_the_same_store_is_seen_by_every_warehouse_of_it(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        other: dict[str, Any] = {"params": {"prices.high": {"min_price": 1}}}
        before = rows(house.ask("prices.high", BEGINNING, at("06 00:00"), **other))
        known = {"print_id": "a", "price": 500, "known_at": at("05 15:00")}
        load_into(house.store, "prints", [known])
        own = rows(house.ask("prices.high", BEGINNING, at("06 00:00")))
        others = rows(house.ask("prices.high", BEGINNING, at("06 00:00"), **other))

    assert (len(before), len(own), len(others)) == (0, 1, 1)


def test_a_view_goes_back_to_its_datasets(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        found = [house.datasets(name) for name in ("detectors.prices_high_v1", "ops.clock")]
        union = house.datasets("detectors.all_live")

    assert found == [{"raw.prints"}, set()]
    assert union == {"raw.prints"}


def test_ops_clock_is_the_questions_span(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    with desk.warehouse() as house:
        newest = house.refresh().recorded_until
        (found,) = rows(house.ask("ops.clock", at("05 15:00"), at("05 16:00")))

    assert [found[name] for name in ("since", "until", "recorded_until")] == [
        at("05 15:00"), at("05 16:00"), newest,
    ]  # fmt: skip


def test_all_live_adds_what_is_in_force_and_leaves_drafts_out(desk: SmallDesk) -> None:
    desk.write("sql/detectors/prices/draft.v1.sql", HIGH.replace("live", "draft"))
    prices = {"a": 100, "b": 200, "c": 400, "d": 600, "e": 800}
    desk.prints(*((name, price, "05 15:00") for name, price in prices.items()))

    with desk.warehouse() as house:
        found = rows(house.ask("detectors.all_live", BEGINNING, at("06 00:00")))
        own = house.fingerprint("detectors.prices_high").fingerprint

    assert {(row["detector"], row["version"], row["fingerprint"]) for row in found} == {
        ("prices.high", 1, own)
    }
    severities = [row["severity"] for row in sorted(found, key=lambda row: float(row["score"]))]
    assert severities == ["info", "low", "medium", "high", "critical"]


def test_counting_sessions_without_any_says_which_feed_brings_them(desk: SmallDesk) -> None:
    low = HEAD.format("5 sessions") + "select s.* from raw.sessions as s\n"
    desk.write("sql/views/curated/low.v1.sql", low)
    desk.write("sql/views/curated/mid.v1.sql", HEAD.format("0s") + "select * from curated.low\n")

    with desk.warehouse() as house, pytest.raises(StoreError) as told:
        house.ask("curated.mid", at("05 15:00"), at("06 15:00"))

    place = desk.root / "store"
    assert str(told.value) == f"{place}: it holds no sessions; run leadline load sessions"


def test_a_span_that_ends_before_it_begins_is_refused(desk: SmallDesk) -> None:
    with desk.warehouse() as house, pytest.raises(QueryError, match="is not before"):
        house.ask("curated.followed", at("05 15:00"), at("05 15:00"))


@pytest.mark.parametrize("name", ["curated.folowed", "raw.print", "ops.clok", "prices.hi"])
def test_an_unknown_view_is_told_with_the_nearest(desk: SmallDesk, name: str) -> None:
    with desk.warehouse() as house, pytest.raises(LeadlineError, match="no such view"):
        house.ask(name, BEGINNING, FOREVER)


@pytest.mark.parametrize("name", ["raw.prnts", "curated.followed_v1"])
def test_a_view_reads_stable_names_and_datasets_only(desk: SmallDesk, name: str) -> None:
    desk.write("sql/views/curated/odd.v1.sql", HEAD.format("0s") + f"select * from {name}\n")

    with pytest.raises(ViewError) as told:
        Catalog(desk.root)

    path = desk.root / "sql/views/curated/odd.v1.sql"
    assert str(told.value).startswith(f"{path}: it reads '{name}', which is no view; did you mean")


def test_threads_may_ask_at_once_while_another_store_loads(desk: SmallDesk) -> None:
    desk.prints(("a0", 500, "05 15:00"))
    views = ["curated.followed", "prices.high", "detectors.all_live"]
    done = Event()

    def ask(house: Warehouse, number: int) -> list[int]:
        counts: list[int] = []
        while not done.is_set() or not counts:
            params = {"prices.high": {"min_price": 1}} if number % 2 else None
            view = views[number % 3]
            counts.append(len(rows(house.ask(view, BEGINNING, at("06 00:00"), params=params))))
        return counts

    with desk.warehouse() as house, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, house, number) for number in range(4)]
        try:
            for number in range(1, 6):
                desk.prints((f"a{number}", 500, "05 15:00"), feed=f"feed{number}")
        finally:
            done.set()
        answers = [future.result() for future in asked]
        last = len(ids(house, "curated.followed", "05 15:00", "06 00:00"))

    assert last == 6
    assert all(counts == sorted(counts) and set(counts) <= {1, 2, 3, 4, 5, 6} for counts in answers)


def test_interrupt_stops_a_question_from_another_thread(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        cursor = house.cursor([], BEGINNING, FOREVER)
        with ThreadPoolExecutor(1) as pool:
            query = "select count(*) from range(1_000_000_000_000) as t(n) where hash(n) = 1"
            running = pool.submit(lambda: cursor.sql(query).to_arrow_table())
            while not running.done():
                house.interrupt()

    assert isinstance(running.exception(), duckdb.InterruptException)


def test_compacted_files_are_looked_for_again_though_nothing_was_loaded(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))

    with desk.warehouse() as house:
        house.refresh()
        same = house.refresh() is house.snapshot
        house._looked_at -= timedelta(hours=1).total_seconds()
        before = house.snapshot
        again = house.refresh()

    assert same
    assert again is not before


@pytest.mark.parametrize("name", ["backtest.matches", "backtest.matches_v1"])
def test_a_view_of_all_alerts_sees_them_in_its_first_question(tmp_path: Path, name: str) -> None:
    desk = measured_desk(tmp_path)
    desk.prints(("a", 150, "05 15:01"))
    plant(desk, ("big", 2, "05 15:00", "05 15:10"))

    with desk.warehouse() as house:
        found = rows(house.ask(name, at("05 00:00"), at("06 00:00")))

    assert [(row["outcome"], row["alert_key"]) for row in found] == [("found", "prices.high|a")]


def test_a_view_of_all_alerts_keeps_what_was_missed_inside_a_span(tmp_path: Path) -> None:
    desk = measured_desk(tmp_path)
    plant(desk, ("never", 1, "07 15:00", "07 15:10"))

    with desk.warehouse() as house:
        found = rows(house.ask("backtest.matches", at("05 00:00"), at("10 00:00")))

    assert [(row["outcome"], row["alerted_at"]) for row in found] == [("missed", None)]


def test_files_that_are_older_than_their_contract_are_told(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 15:00"))
    path = desk.root / "sql" / "tables" / "prints.sql"
    path.write_text(path.read_text().replace("    price", "    size bigint,  -- shares\n    price"))

    with pytest.raises(StoreError) as told, desk.warehouse() as house:
        house.refresh()

    assert str(told.value).startswith(f"{desk.root}/store/prints: ")
    assert str(told.value).endswith("sql/tables/prints.sql gains size; run leadline store upgrade")
