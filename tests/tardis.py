"""Tardis's files as a run reads them, and what they brought."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.publication import Loaded
from leadline.store import Store
from tests.binance import MESSAGES
from tests.stores import ask, load_files

BOOK = MESSAGES / "deribit_incremental_book_L2_2020-04-01_BTC-PERPETUAL.csv"
TRADES = MESSAGES / "kraken_trades_2020-04-01_XBT-USD.csv"
TOPS = MESSAGES / "binance-futures_book_snapshot_5_2020-09-01_BTCUSDT.csv"
TRADE_HEADER = TRADES.read_text().splitlines()[0]
BOOK_HEADER = BOOK.read_text().splitlines()[0]


def load(store: Store, *paths: Path) -> list[Loaded]:
    return load_files(store, "tardis_files", *paths)


def rows(store: Store, dataset: str) -> list[dict[str, Any]]:
    return sorted(ask(store.place, f"raw.{dataset}"), key=lambda row: row["sequence"])


def refusal(store: Store, *paths: Path) -> str:
    with pytest.raises(FeedError) as told:
        load(store, *paths)
    store.ledger.refresh()
    assert list(store.ledger.lines) == []
    return str(told.value)


def written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def us(moment: int) -> datetime:
    return BEGINNING + timedelta(microseconds=moment)
