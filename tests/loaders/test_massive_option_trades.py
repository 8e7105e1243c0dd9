"""Massive's prints land as they were sent, each with an id that a file and the socket agree on."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.load import from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import massive_option_trades
from tests.stores import ask, contracts, knowing_sessions

NAME = "massive_option_trades"
DAY = "us_options_opra/trades_v1/2026/05/2026-05-22.csv"
MESSAGE = Path(__file__).parent / "messages" / DAY
SPAN = Span(datetime(2026, 5, 18, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
FIRST = MESSAGE.read_text().splitlines()[1]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("store")) as store:
        yield store


def load(store: Store, path: Path) -> Loaded:
    found = plan(NAME, massive_option_trades, [path]).files
    (loaded,) = from_files(NAME, massive_option_trades, store, found)
    return loaded


@pytest.fixture(scope="module")
def rows(shared: Store) -> list[Mapping[str, Any]]:
    """Return what a load of the recorded file brought, in its order."""
    assert load(shared, MESSAGE).n_rejected == 0
    return sorted(ask(shared.place, "raw.option_trades"), key=lambda row: row["sequence"])


def written(folder: Path, *lines: str, day: str = "2026-05-21") -> Path:
    """Write prints as a day's file."""
    path = folder / f"{day}.csv"
    path.write_text("\n".join((MESSAGE.read_text().splitlines()[0], *lines)) + "\n")
    return path


def test_a_row_is_what_the_line_says(rows: list[Mapping[str, Any]]) -> None:
    moment = datetime(2026, 5, 22, 14, 1, 49, 681_000, UTC)

    said = {name: rows[0][name] for name in contracts()["option_trades"].names}
    assert {name: value for name, value in said.items() if value is not None} == {
        "contract": "A260618C00100000",
        "venue": "309",
        "trade_id": "1779458509681-16.2-3-227-1",
        "traded_at": moment,
        "calendar": "XNYS",
        "session_date": date(2026, 5, 22),
        "root": "A",
        "expiration": date(2026, 6, 18),
        "strike": Decimal(100),
        "put_call": "call",
        "price": Decimal("16.2"),
        "size": Decimal(3),
        "currency": "USD",
        "condition": "227",
    }
    assert rows[0]["known_at"] == moment


def test_equal_prints_of_a_millisecond_are_numbered_at_each_venue(
    rows: list[Mapping[str, Any]],
) -> None:
    found = [(row["venue"], row["trade_id"]) for row in rows[:4]]

    same = "1779458509681-16.2-3-227"
    assert found == [
        ("309", f"{same}-1"), ("309", f"{same}-2"), ("309", f"{same}-3"), ("316", f"{same}-1")
    ]  # fmt: skip


def test_a_moment_has_the_microseconds_that_the_file_has(rows: list[Mapping[str, Any]]) -> None:
    assert [row["traded_at"].microsecond for row in rows[:3]] == [681_000, 681_000, 681_734]


def test_numbers_of_an_id_are_written_in_their_shortest_form(
    rows: list[Mapping[str, Any]],
) -> None:
    assert [row["trade_id"] for row in rows[4:]] == [
        "1779458509681-10-100--1",
        "1779458600000-0.05-1-209-1",
        "1779408000123-1.0125-2.5-248-1",
    ]


def test_a_print_may_have_no_condition(rows: list[Mapping[str, Any]]) -> None:
    assert rows[4]["condition"] is None


def test_a_correction_is_kept_as_the_condition(rows: list[Mapping[str, Any]]) -> None:
    assert rows[5]["condition"] == "correction 1"


def test_an_adjusted_root_a_half_strike_and_a_last_day_are_read(
    rows: list[Mapping[str, Any]],
) -> None:
    found = [(row["root"], row["strike"], row["expiration"]) for row in rows[4:6]]

    assert found == [
        ("AAPL1", Decimal("2.5"), date(2026, 6, 18)),
        ("BRKB", Decimal("497.5"), date(2026, 5, 22)),
    ]


def test_a_print_of_the_evening_is_of_its_date_in_new_york(
    rows: list[Mapping[str, Any]],
) -> None:
    assert rows[6]["traded_at"] == datetime(2026, 5, 22, 0, 0, 0, 123_456, UTC)
    assert rows[6]["session_date"] == date(2026, 5, 21)


BROKEN = [
    ("000,3", "000,0", "not size > 0"),
    ("000,3", "000,-3", "not size > 0"),
    ("C00100000", "C001O0000", "strike is missing"),
    ("C00100000", "C00000000", "not strike > 0"),
    ("260618C", "260631C", "expiration is missing"),
    ("260618C", "260618X", "put_call is missing"),
    ("260618C", "260520C", "not session_date <= expiration"),
    ("O:A", "A", "contract is missing"),
    ("1779458509681000000", "1779548509681000000", "session_date 2026-05-23 is no session of XNYS"),
    (",16.2,", ",,", "price is missing"),
    (",16.2,", ",-16.2,", "not price >= 0"),
]


def test_what_breaks_the_contract_is_set_aside_with_its_reason_and_the_rest_loads(
    shared: Store, tmp_path: Path
) -> None:
    broken = [FIRST.replace(old, new) for old, new, _ in BROKEN]
    unread = FIRST.replace("16.2", "sixteen")

    loaded = load(shared, written(tmp_path, FIRST, *broken, unread))

    assert (loaded.n_rows, loaded.n_rejected) == (1, len(BROKEN) + 1)
    said = {row["position"]: row["reason"] for row in ask(shared.place, "raw.rejected")}
    reasons = [reason for reason in said.values() if not reason.startswith("line ")]
    assert sorted(reasons) == sorted(reason for *_, reason in BROKEN)
    assert said[len(BROKEN) + 3].startswith("line 14: cast: ")


def test_a_file_of_quotes_stops_the_load(shared: Store, tmp_path: Path) -> None:
    (tmp_path / "2026-05-20.csv").write_text("ticker,ask_exchange,ask_price\n")

    with pytest.raises(FeedError, match=r"2026-05-20\.csv:1: the header has no 'conditions'; it"):
        load(shared, tmp_path / "2026-05-20.csv")


def test_its_files_are_days() -> None:
    names = ["2026-05-22.csv", "AAPL.csv", "2026-05-22.txt"]

    assert [name for name in names if massive_option_trades.FEED.knows(name)] == names[:1]


def test_its_objects_are_the_sources_own() -> None:
    (form,) = massive_option_trades.FEED.objects

    assert f"{date(2026, 5, 22):{form}}" == f"{DAY}.gz"
