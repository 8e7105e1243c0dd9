"""The capture of the exchange is without a gap, and its books are those of a bare replay."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.feed import files
from loaders import bitfinex_book
from tests.binance import of

NAME = "2021-04-05/BITFINEX-58bafb.0"


@pytest.fixture(scope="module")
def capture(real: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the capture by dataset, as one run reads them."""
    folder = real / "crypto_ws_cryptofeed"
    found, _ = files([folder], bitfinex_book.FEED.knows, bitfinex_book.FEED.parts)
    told = [(dataset, cast(Any, extract)) for dataset, extract in bitfinex_book.read(found)]
    assert {extract.file.name for _, extract in told} == {NAME}
    return {dataset: extract.rows.to_pylist() for dataset, extract in told}


@pytest.fixture(scope="module")
def bare(real: Path) -> dict[str, Any]:
    """Return what a replay by dicts alone finds: counts, and each pair's best after a message."""
    body = gzip.decompress((real / "crypto_ws_cryptofeed" / f"{NAME}.gz").read_bytes())
    channels: dict[int, Any] = {}
    books: dict[str, tuple[dict[float, float], dict[float, float]]] = {}
    count: Counter[str] = Counter()
    best = {}
    for said in re.findall(rb"^[\d.]+: ([\[{].*)", body, re.MULTILINE):
        message = json.loads(said)
        if isinstance(message, dict):
            if message["event"] == "subscribed":
                channels[message["chanId"]] = message
            continue
        channel = channels[message[0]]
        if channel["channel"] != "book" or message[1] == "hb":
            continue
        sides = books.setdefault(channel["symbol"], ({}, {}))
        count["messages"] += 1
        for price, n, amount in message[1] if isinstance(message[1][0], list) else [message[1]]:
            side = sides[amount < 0]
            count["deletions"] += n == 0
            count["of nothing"] += n == 0 and price not in side
            side.pop(price, None)
            if n:
                side[price] = abs(amount)
        bid, ask = max(sides[0]), min(sides[1])
        best[channel["symbol"], message[-1]] = bid, ask, sides[0][bid], sides[1][ask]
    return {"count": count, "best": best}


@pytest.mark.real
def test_the_capture_has_no_gap_and_every_message_is_a_top(
    capture: dict[str, list[dict[str, Any]]],
) -> None:
    assert "feed_gaps" not in capture
    assert len(capture["book_tops"]) == 22_474
    assert len({(row["pair"], row["epoch"]) for row in capture["book_tops"]}) == 8
    assert all(row["best_bid"] < row["best_ask"] for row in capture["book_tops"])


@pytest.mark.real
def test_every_level_that_goes_was_there(
    capture: dict[str, list[dict[str, Any]]], bare: dict[str, Any]
) -> None:
    gone = [row for row in capture["book_updates"] if row["size"] == 0]

    assert bare["count"] == {"messages": 22_474, "deletions": 5_412, "of nothing": 0}
    assert len(gone) == 5_412
    assert min(row["prev_size"] for row in gone) > 0


@pytest.mark.real
def test_each_top_is_that_of_a_replay_by_dicts(
    capture: dict[str, list[dict[str, Any]]], bare: dict[str, Any]
) -> None:
    symbols = {symbol[1:].replace(":", ""): symbol for symbol, _ in bare["best"]}

    names = ("best_bid", "best_ask", "bid_size", "ask_size")
    told = {
        (symbols[short(row["pair"])], row["update_id"]): of(row, *names)
        for row in capture["book_tops"]
    }
    assert told == bare["best"]


def short(pair: str) -> str:
    return pair.replace("ETH2-", "ETH2X-").replace("USDT", "UST").replace("-", "")


@pytest.mark.real
def test_trades_of_the_first_answers_and_those_heard_are_told_once(
    capture: dict[str, list[dict[str, Any]]],
) -> None:
    trades = capture["crypto_trades"]

    heard = [row for row in trades if row["known_at"] != row["traded_at"]]
    assert (len(trades), len(heard)) == (248, 8)
    assert len({row["trade_id"] for row in trades}) == 248
    assert {row["pair"] for row in trades} == {row["pair"] for row in capture["book_tops"]}
