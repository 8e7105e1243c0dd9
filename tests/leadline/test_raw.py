from datetime import timedelta

import pytest

from leadline import raw
from leadline.clock import BEGINNING
from leadline.errors import StoreError
from tests.desks import PRINTS, SmallDesk, at


def seen(desk: SmallDesk, dataset: str, since: str, until: str) -> list[str]:
    """Return the first column of what raw.<dataset> shows of a span."""
    with desk.warehouse() as house:
        answer = house.ask(f"raw.{dataset}", at(since), at(until)).to_arrow_table()
        return sorted(answer.column(0).to_pylist())


def test_events_are_bounded_below_and_above(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "04 23:59:59"), ("b", 1, "05 00:00"), ("c", 1, "06 00:00"))

    found = seen(desk, "prints", "05 00:00", "06 00:00")

    assert found == ["b"]


def test_state_is_bounded_above_only(desk: SmallDesk) -> None:
    desk.load("names", [{"name": n, "known_at": at(f"0{n} 00:00")} for n in ("4", "5", "6")])

    found = seen(desk, "names", "05 00:00", "06 00:00")

    assert found == ["4", "5"]


@pytest.mark.parametrize("partition", ["day", "month", "none"])
def test_every_partition_shows_the_same_rows(desk: SmallDesk, partition: str) -> None:
    desk.write("sql/tables/prints.sql", PRINTS.replace("  day", f"  {partition}"))
    desk.prints(("a", 1, "04 23:59:59"), ("b", 1, "05 00:00"), ("c", 1, "06 00:00"))

    found = seen(desk, "prints", "05 00:00", "06 00:00")

    assert found == ["b"]


def test_a_day_outside_the_span_is_not_opened(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "04 12:00"), ("b", 1, "05 12:00"), ("c", 1, "06 12:00"))

    with desk.warehouse() as house:
        cursor = house.cursor("raw.prints", at("05 00:00"), at("05 13:00"))
        ((files,),) = cursor.execute("select getvariable('files_prints')").fetchall()

    assert ["known_date=2024-03-05" in path for path in files] == [True]


def test_a_file_that_the_log_does_not_name_is_not_read(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 12:00"))
    (live,) = (desk.root / "store" / "prints").glob("*/*.parquet")
    live.with_name("beside.parquet").write_bytes(live.read_bytes())

    found = seen(desk, "prints", "05 00:00", "06 00:00")

    assert found == ["a"]


def test_a_row_says_when_it_was_known_and_recorded_and_by_which_load(desk: SmallDesk) -> None:
    loaded = desk.prints(("a", 1, "05 12:00"))

    with desk.warehouse() as house:
        newest = house.refresh().recorded_until
        (row,) = house.ask("raw.prints", BEGINNING, at("06 00:00")).to_arrow_table().to_pylist()

    assert (row["known_at"], row["recorded_at"]) == (at("05 12:00"), newest)
    assert row["known_date"] == at("05 12:00").date()
    assert (row["source"], row["load_id"], row["is_gone"]) == ("test", loaded.load_id, False)


def test_a_row_set_aside_is_known_when_it_is_recorded(desk: SmallDesk) -> None:
    desk.load("prints", [{"print_id": None, "price": 1, "known_at": at("05 12:00")}])

    with desk.warehouse() as house:
        newest = house.refresh().recorded_until
        then = house.ask("raw.rejected", BEGINNING, newest).to_arrow_table().num_rows
        after = house.ask("raw.rejected", BEGINNING, newest.replace(year=2999)).to_arrow_table()

    assert then == 0
    assert after.column("known_at").to_pylist() == [newest]


def test_a_live_file_that_is_gone_is_told(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "04 12:00"))
    (live,) = (desk.root / "store" / "prints").glob("*/*.parquet")
    live.unlink()

    with pytest.raises(StoreError, match=r"No files found .*; run leadline store verify$"):
        seen(desk, "prints", "04 00:00", "05 00:00")


def test_what_the_store_says_of_its_loads_is_never_shifted_nor_cut(desk: SmallDesk) -> None:
    desk.prints(("a", 1, "05 12:00"))
    contract = desk.catalog().contracts["loads"]

    moved = raw.view(
        contract, (), rows=raw.Rows(timedelta(days=1), "timestamptz '2024-01-01 00:00Z'")
    )

    assert moved == raw.view(contract, ())
