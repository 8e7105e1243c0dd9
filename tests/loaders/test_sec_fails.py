"""A half month of fails says which symbol a CUSIP had, from which day on."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.store import Store
from tests.stores import ask, load_files

NAME = "sec_fails"
MESSAGE = Path(__file__).parent / "messages" / "cnsfails202206a.txt"


def test_a_symbol_is_told_from_its_first_day_and_a_missing_one_is_none(store: Store) -> None:
    load_files(store, NAME, MESSAGE)

    rows = ask(store.place, "raw.securities")
    assert sorted((row["cusip"], row["ticker"], row["valid_from"]) for row in rows) == [
        ("084670702", "BRK.B", date(2022, 6, 1)),
        ("30303M102", "FB", date(2022, 6, 1)),
        ("30303M102", "META", date(2022, 6, 9)),
        ("G1151C101", "ACN", date(2022, 6, 15)),
    ]
    assert {row["issuer"] for row in rows if row["ticker"] == "ACN"} == {
        "ACCENTURE PLC|CLASS A SHARES"
    }


def test_a_first_half_is_known_at_the_end_of_its_month_and_a_second_one_half_a_month_later(
    store: Store, tmp_path: Path
) -> None:
    second = tmp_path / "cnsfails202212b.txt"
    second.write_text(MESSAGE.read_text().replace("|202206", "|x").replace("202206", "202212"))
    second.write_text(second.read_text().replace("20221201", "20221216"))

    load_files(store, NAME, MESSAGE, second)

    known = {row["valid_from"]: row["known_at"] for row in ask(store.place, "raw.securities")}
    assert known[date(2022, 6, 15)] == datetime(2022, 7, 1, 4, tzinfo=UTC)
    assert known[date(2022, 12, 16)] == datetime(2023, 1, 16, 5, tzinfo=UTC)


def test_a_line_that_is_none_is_set_aside(store: Store, tmp_path: Path) -> None:
    odd = tmp_path / MESSAGE.name
    odd.write_text(MESSAGE.read_text().replace("count 6", "count 7") + "what is this\n")

    (loaded,) = load_files(store, NAME, odd)

    assert (loaded.n_rows, loaded.n_rejected) == (4, 1)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("count 6", "count 9", "the trailer counts 9 lines, and there are 6; fetch it again"),
        ("SYMBOL", "TICKER", r":1: the header is 'SETTLEMENT DATE\|CUSIP\|TICKER\|QUANTITY"),
    ],
)
def test_a_file_cut_short_or_of_another_kind_is_refused(
    store: Store, tmp_path: Path, was: str, now: str, said: str
) -> None:
    odd = tmp_path / MESSAGE.name
    odd.write_text(MESSAGE.read_text().replace(was, now))

    with pytest.raises(FeedError, match=said):
        load_files(store, NAME, odd)
