"""Spells of the S&P 500 and lists of SPY land as who is a member from which day on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.store import Store
from loaders import index_members
from tests.stores import ask, contracts, opened

NAME = "index_members"
MESSAGE = Path(__file__).parent / "messages" / "sp500_ticker_start_end.csv"
SPY = "A,A RPTMYV3VC57P,20201130,0.00120434,3331651,\nBF.B,BFB X,20201130,0.0006,1000,\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "store", contracts()) as store:
        yield store


def load(store: Store, path: Path) -> list[dict[str, Any]]:
    list(from_files(NAME, index_members, store, plan(NAME, index_members, [path]).files))
    return ask(store.place, "raw.index_members")


def test_a_spell_is_a_day_of_coming_and_one_of_leaving(store: Store) -> None:
    found = load(store, MESSAGE)

    own = sorted(
        (row["from_date"], row["is_member"], row["known_at"])
        for row in found
        if row["symbol"] == "AAL"
    )
    assert own == [
        (date(1996, 1, 2), True, datetime(1996, 1, 2, 5, tzinfo=UTC)),
        (date(1997, 1, 15), False, datetime(1997, 1, 15, 5, tzinfo=UTC)),
        (date(2015, 3, 23), True, datetime(2015, 3, 23, 4, tzinfo=UTC)),
        (date(2024, 9, 23), False, datetime(2024, 9, 23, 4, tzinfo=UTC)),
    ]
    assert {row["index_name"] for row in found} == {"SP500"}
    assert not any(row["is_list"] for row in found)


def test_a_list_is_of_the_day_inside_and_known_on_that_of_its_name(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "etf_spy" / "20201201.csv"
    path.parent.mkdir()
    path.write_text(SPY)

    found = sorted(load(store, path), key=lambda row: str(row["symbol"]))

    assert [(row["symbol"], row["weight_frac"], row["shares"]) for row in found] == [
        ("A", 0.00120434, Decimal(3_331_651)), ("BF.B", 0.0006, Decimal(1_000)),
    ]  # fmt: skip
    assert {row["from_date"] for row in found} == {date(2020, 11, 30)}
    assert {row["known_at"] for row in found} == {datetime(2020, 12, 1, 11, 30, tzinfo=UTC)}
    assert all(row["is_list"] and row["index_name"] == "SPY" for row in found)


def test_a_weight_over_one_and_a_day_that_is_none_are_set_aside(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "spy" / "20201201.csv"
    path.parent.mkdir()
    path.write_text(SPY + "C,C X,20201130,1.2,1000,\nD,D X,2020-11,0.1,1000,\n")

    assert len(load(store, path)) == 2
    reasons = sorted(row["reason"] for row in ask(store.place, "raw.rejected"))
    assert reasons[0] == "from_date is missing"
    assert "weight_frac <= 1" in reasons[1]


def test_a_list_of_nobody_knows_whom_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "20201201.csv"
    path.write_text(SPY)

    with pytest.raises(FeedError, match="name the folder of its fund"):
        list(index_members.read(plan(NAME, index_members, [path]).files))
