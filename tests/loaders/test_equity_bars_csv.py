"""Daily bars of the S&P 500 land as their source adjusted them, and say so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.publication import Loaded
from leadline.store import Store
from tests.stores import ask, knowing_sessions, load_files

NAME = "equity_bars_csv"
MESSAGE = Path(__file__).parent / "messages" / "AAPL_data.csv"
SPAN = Span(datetime(2013, 2, 1, tzinfo=UTC), datetime(2013, 3, 1, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, path: Path) -> Loaded:
    (loaded,) = load_files(store, NAME, path)
    return loaded


def bars(store: Store) -> list[dict[str, Any]]:
    return ask(store.place, "raw.equity_bars")


def test_a_line_is_a_session_adjusted_for_splits_to_the_last_day(store: Store) -> None:
    loaded = load(store, MESSAGE)

    assert (loaded.n_rows, loaded.n_rejected) == (7, 0)
    (row,) = [row for row in bars(store) if row["session_date"] == date(2013, 2, 8)]
    names = ("symbol", "bar", "open", "high", "low", "close", "volume", "adjusted", "adjusted_to")
    assert tuple(row[name] for name in names) == (
        "AAPL", "1d", Decimal("67.7142"), Decimal("68.4014"), Decimal("66.8928"),
        Decimal("67.8542"), 158_168_416, "split", date(2013, 2, 19),
    )  # fmt: skip
    assert row["starts_at"] == datetime(2013, 2, 8, 14, 30, tzinfo=UTC)
    assert row["known_at"] == datetime(2013, 2, 8, 21, 15, tzinfo=UTC)


def test_a_line_without_an_open_is_set_aside(store: Store, tmp_path: Path) -> None:
    path = tmp_path / MESSAGE.name
    path.write_text(MESSAGE.read_text() + "2013-02-20,,,,64.12,1000,AAPL\n")

    loaded = load(store, path)

    assert (loaded.n_rows, loaded.n_rejected) == (7, 1)
    (row,) = ask(store.place, "raw.rejected")
    assert "open IS NOT NULL" in row["reason"]


def test_two_symbols_in_one_file_are_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / MESSAGE.name
    path.write_text(MESSAGE.read_text() + "2013-02-20,64,65,63,64.12,1000,IBM\n")

    with pytest.raises(FeedError, match="line of 'IBM' in the file of AAPL; cut it in two"):
        load(store, path)
    assert bars(store) == []


def test_a_file_of_another_name_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text(MESSAGE.read_text())

    with pytest.raises(FeedError, match="give it its ticker's name"):
        load(store, path)
