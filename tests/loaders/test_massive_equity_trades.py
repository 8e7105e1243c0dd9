"""Massive's stock prints land with both their times, their facility and all of their conditions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.store import Store
from loaders import massive_equity_trades
from tests.stores import ask, knowing_sessions, load_files

NAME = "massive_equity_trades"
DAY = "2026-05-22.csv"
RECORDED = Path(__file__).parent / "messages/us_stocks_sip/trades_v1/2026/05" / DAY
HEAD, *LINES = RECORDED.read_text().splitlines()
SPAN = Span(datetime(2026, 5, 18, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


@pytest.fixture
def rows(store: Store) -> dict[int, dict[str, Any]]:
    (loaded,) = load_files(store, NAME, RECORDED)
    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == (DAY, 5, 0)
    return {row["sequence"]: row for row in ask(store.place, "raw.equity_trades")}


def written(folder: Path, *lines: str, name: str = DAY) -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *lines]) + "\n")
    return path


def test_a_print_executed_overnight_is_known_when_the_tape_told_it(
    rows: dict[int, dict[str, Any]],
) -> None:
    row = rows[3478]

    assert row["traded_at"] == datetime(2026, 5, 22, 5, 30, 11, 494_482, tzinfo=UTC)
    assert row["known_at"] == datetime(2026, 5, 22, 8, 0, 3, 799_308, tzinfo=UTC)
    assert row["session_date"] == date(2026, 5, 22)
    assert (row["facility"], row["tape"], row["conditions"]) == ("FINY", "A", "12,37")
    assert row["trade_id"] == "201-52983525159748"


def test_sizes_have_fractions_and_no_condition_is_none(rows: dict[int, dict[str, Any]]) -> None:
    assert rows[20012]["size"] == Decimal("200.5")
    assert (rows[20011]["conditions"], rows[20011]["facility"]) == (None, None)


def test_one_id_of_two_facilities_is_two_prints(rows: dict[int, dict[str, Any]]) -> None:
    ids = {rows[number]["trade_id"] for number in (20013, 20014)}

    assert ids == {"202-71675234001234", "203-71675234001234"}


def test_a_correction_is_one_more_condition(rows: dict[int, dict[str, Any]]) -> None:
    assert rows[20014]["conditions"] == "2,correction 8"


def test_what_breaks_the_contract_goes_aside_by_itself(store: Store, tmp_path: Path) -> None:
    bad = LINES[1].replace(",115.120000,", ",-115.12,"), LINES[2].replace(",200.500000,", ",0,")

    (loaded,) = load_files(store, NAME, written(tmp_path, *bad, LINES[0]))

    assert (loaded.n_rows, loaded.n_rejected) == (1, 2)


def test_a_print_of_no_session_goes_aside(store: Store, tmp_path: Path) -> None:
    sunday = LINES[1].replace("1779456601047390893", "1779629401047390893")

    (loaded,) = load_files(store, NAME, written(tmp_path, sunday))

    assert (loaded.n_rows, loaded.n_rejected) == (0, 1)


@pytest.mark.parametrize(
    ("name", "says"), [("2099-05-22.csv", "yet to come"), ("2026-13-22.csv", "names no day")]
)
def test_a_file_of_a_day_to_come_or_of_none_is_refused(
    store: Store, tmp_path: Path, name: str, says: str
) -> None:
    with pytest.raises(FeedError, match=says):
        load_files(store, NAME, written(tmp_path, *LINES, name=name))


def test_a_file_of_options_is_refused_by_its_header(store: Store) -> None:
    options = RECORDED.parents[4] / "us_options_opra/trades_v1/2026/05" / DAY

    with pytest.raises(FeedError, match="header has no 'id'"):
        load_files(store, NAME, options)


def test_its_days_lie_in_the_bucket_of_all() -> None:
    assert massive_equity_trades.FEED.objects == ("us_stocks_sip/trades_v1/%Y/%m/%Y-%m-%d.csv.gz",)
