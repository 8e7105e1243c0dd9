"""Captures of the exchange are without a gap, and their tops are those of its own ticker."""

import gzip
import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.feed import files
from loaders import binance_book
from tests.binance import of


@pytest.fixture(scope="module")
def captures(real: Path) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the rows of every capture, by file and dataset, as one run reads them."""
    folders = [real / "crypto_binance_hftbacktest", real / "crypto_ws_cryptofeed"]
    found, _ = files(folders, binance_book.FEED.knows, binance_book.FEED.parts)
    told: dict[str, dict[str, list[dict[str, Any]]]] = {}
    wanted = ("venue", "pair", "update_id", "best_bid", "best_ask", "bid_size", "ask_size")
    for dataset, extract in binance_book.read(found):
        assert not isinstance(extract, list)
        table = cast(Any, extract).rows
        if dataset == "book_tops":
            table = table.select([*wanted, "epoch"])
        held = table.slice(0, 0) if dataset == "book_updates" else table
        told.setdefault(cast(Any, extract).file.name, {})[dataset] = held.to_pylist()
    return told


@pytest.mark.real
@pytest.mark.soak
def test_no_capture_has_a_gap_not_even_over_midnight(
    captures: dict[str, dict[str, list[dict[str, Any]]]],
) -> None:
    assert [name for name, told in captures.items() if "feed_gaps" in told] == []
    epochs = {
        row["epoch"]
        for name in ("spot/btcusdt_20240808", "spot/btcusdt_20240809")
        for row in captures[name]["book_tops"]
    }
    assert epochs == {"50093239218"}


@pytest.mark.real
def test_captures_hold_as_many_trades_and_messages_as_are_known(
    captures: dict[str, dict[str, list[dict[str, Any]]]],
) -> None:
    trades = {name: len(told["crypto_trades"]) for name, told in captures.items()}
    tops = {name: len(told["book_tops"]) for name, told in captures.items()}

    assert trades == {
        "2021-04-04/BINANCE-ee25be.0": 1_910,
        "2021-07-22/BINANCE_FUTURES.ws.1.0": 91,
        "2021-10-12/BINANCE.ws.1.0": 2,
        "spot/btcusdt_20240808": 9_757,
        "spot/btcusdt_20240809": 10_147,
        "usdm/btcusdt_20240808": 21_313,
    }
    # Snapshots come on top of the depth messages, and what they hold already is left out.
    assert tops == {
        "2021-04-04/BINANCE-ee25be.0": 2_688 + 3 - 32,
        "2021-07-22/BINANCE_FUTURES.ws.1.0": 764 + 4 - 15,
        "2021-10-12/BINANCE.ws.1.0": 177 + 4 - 5,
        "spot/btcusdt_20240808": 3_451 + 1 - 2,
        "spot/btcusdt_20240809": 3_044,
        "usdm/btcusdt_20240808": 6_551 + 1 - 4,
    }


def told_by_ticker(real: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the best prices that the exchange itself says in a capture."""
    folder = "crypto_binance_hftbacktest" if name[0] in "su" else "crypto_ws_cryptofeed"
    path = real / folder / name
    packed = path.with_name(f"{path.name}.gz")
    body = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    for line in re.findall(rb'\{"stream":"\w+@bookTicker".*', body):
        yield json.loads(line)["data"]


@pytest.mark.real
def test_the_best_prices_and_sizes_are_those_of_the_exchanges_own_ticker(
    real: Path, captures: dict[str, dict[str, list[dict[str, Any]]]]
) -> None:
    """The last ticker up to the id at which a message ends tells the same top."""
    seen: Counter[tuple[str, bool]] = Counter()
    for name, told in captures.items():
        tickers: dict[str, list[tuple[int, tuple[float, ...]]]] = {}
        for ticker in told_by_ticker(real, name):
            best = tuple(float(ticker[key]) for key in "bBaA")
            tickers.setdefault(ticker["s"], []).append((ticker["u"], best))
        for row in told["book_tops"]:
            said = tickers.get(row["pair"].replace("-", ""), [])
            place = bisect_right(said, row["update_id"], key=lambda ticker: ticker[0])
            if 0 < place < len(said):
                best = of(row, "best_bid", "bid_size", "best_ask", "ask_size")
                seen[name, best == said[place - 1][1]] += 1

    # A best level that is taken away and put back at once never reaches the ticker.
    assert seen == {
        ("2021-07-22/BINANCE_FUTURES.ws.1.0", True): 721,
        ("2021-10-12/BINANCE.ws.1.0", True): 141,
        ("spot/btcusdt_20240808", True): 3_450,
        ("spot/btcusdt_20240809", True): 3_040,
        ("spot/btcusdt_20240809", False): 2,
        ("usdm/btcusdt_20240808", True): 6_546,
    }
