"""Of a day's quotes of stocks those are kept that stood before a print was executed, each once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.errors import FeedError
from leadline.store import Store
from tests.loaders.test_massive_equity_trades import SPAN
from tests.stores import ask, knowing_sessions, load_files

NAME = "massive_equity_quotes"
FOLDER = Path(__file__).parent / "messages/us_stocks_sip"
QUOTES, TRADES = FOLDER / "quotes_v1", FOLDER / "trades_v1"
DAY = "2026/05/2026-05-22.csv"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def loaded(store: Store, *paths: Path) -> list[dict[str, Any]]:
    load_files(store, NAME, *paths)
    return sorted(ask(store.place, "raw.equity_quotes"), key=lambda row: row["quoted_at"])


def copied(folder: Path, *replaced: tuple[str, str]) -> list[Path]:
    """Copy both files of the day, with other words in them."""
    for source in (QUOTES, TRADES):
        text = (source / DAY).read_text()
        for old, new in replaced:
            text = text.replace(old, new)
        path = folder / source.name / DAY
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return [folder / source.name for source in (QUOTES, TRADES)]


def test_the_quotes_that_stood_before_a_print_are_kept_each_once(store: Store) -> None:
    rows = loaded(store, QUOTES, TRADES)

    said = [(row["quoted_at"].strftime("%H:%M:%S.%f"), row["bid"], row["ask"]) for row in rows]
    assert said == [
        ("13:30:01.046915", Decimal("115.10"), Decimal("115.12")),
        ("13:30:01.047600", Decimal("115.11"), Decimal("115.13")),
        ("13:30:01.500100", None, Decimal("115.14")),
    ]
    assert all(row["known_at"] == row["quoted_at"] for row in rows)


def test_a_side_that_nobody_quotes_has_no_size_and_no_venue(store: Store) -> None:
    row = loaded(store, QUOTES, TRADES)[-1]

    assert (row["bid"], row["bid_size"], row["bid_venue"]) == (None, None, None)
    assert (row["ask_size"], row["ask_venue"]) == (300, "10")


def test_sizes_were_round_lots_once(tmp_path: Path) -> None:
    before = datetime(2025, 5, 22, tzinfo=UTC)
    thousands = {"1779456": "1747920", "1779433": "1747897", "1779427": "1747891"}  # of seconds
    paths = copied(tmp_path, *thousands.items(), ("1779436", "1747900"))
    span = type(SPAN)(before.replace(day=18), before.replace(day=30))

    with knowing_sessions(span, tmp_path / "store") as store:
        rows = loaded(store, *paths)

    assert [row["ask_size"] for row in rows] == [30_000, 30_000, 30_000]


def test_quotes_without_their_trades_are_refused(store: Store) -> None:
    with pytest.raises(FeedError, match=r"it is read with .*trades_v1"):
        loaded(store, QUOTES)


def test_quotes_out_of_order_are_refused(store: Store, tmp_path: Path) -> None:
    paths = copied(tmp_path, ("1779456601046915885", "1779456601946915885"))

    with pytest.raises(FeedError, match="out of the order of tickers and times"):
        loaded(store, *paths)
