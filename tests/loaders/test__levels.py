"""Captures of exchanges are without a false gap, and as proven as each of them allows."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from leadline.feed import files
from loaders import coinbase_book, deribit_book, kraken_book
from loaders._levels import decimals
from tests.levels import Rows, captured, gaps, of

FEEDS = {"kraken": kraken_book, "coinbase": coinbase_book, "deribit": deribit_book}


def test_the_finest_price_says_how_many_digits_there_are() -> None:
    assert decimals(["56218.30000", "56218.3", "56218"]) == 5
    assert decimals([]) == 0


@pytest.fixture(scope="module")
def held(real: Path) -> dict[str, Rows]:
    """Return the rows of every capture, by venue."""
    return {
        venue: captured(module, real / "crypto_ws_cryptofeed") for venue, module in FEEDS.items()
    }


def messages(real: Path, venue: str) -> list[Any]:
    """Return every message that a venue's captures hold."""
    module = FEEDS[venue]
    found, _ = files([real / "crypto_ws_cryptofeed"], module.FEED.knows, module.FEED.parts)
    return [
        json.loads(line.partition(b": ")[2])
        for file in found
        for line in file.bytes().splitlines()
        if line[:1].isdigit()
    ]


@pytest.mark.real
def test_no_capture_has_a_gap(held: dict[str, Rows]) -> None:
    assert {venue: gaps(told) for venue, told in held.items()} == {venue: [] for venue in FEEDS}


@pytest.mark.real
def test_captures_hold_as_many_messages_and_trades_as_are_known(held: dict[str, Rows]) -> None:
    tops = {venue: len(told["book_tops"]) for venue, told in held.items()}
    trades = {venue: len(told.get("crypto_trades", [])) for venue, told in held.items()}

    # Every message and the snapshots, one of each pair; Deribit's have sides that are empty.
    assert tops == {"kraken": 4_269 + 10, "coinbase": 9_719 + 10, "deribit": 226}
    assert trades == {"kraken": 10, "coinbase": 97 + 10, "deribit": 0}


@pytest.mark.real
def test_every_checksum_of_the_capture_was_asked_and_agreed(
    real: Path, held: dict[str, Rows]
) -> None:
    said = [each for each in messages(real, "kraken") if isinstance(each, list)]
    wanted = Counter(each[-1] for each in said if each[-2] == "book-1000" and "c" in each[-3])

    assert wanted.total() == 4_269
    found = Counter(row["pair"] for row in held["kraken"]["book_tops"] if row["update_id"])
    assert sorted(found.values()) == sorted(wanted.values())


@pytest.mark.real
@pytest.mark.parametrize(
    "seed",
    [0, 4, 9, *[pytest.param(n, marks=pytest.mark.soak) for n in range(12) if n not in (0, 4, 9)]],
)
def test_a_message_that_is_left_out_of_the_capture_is_found(
    real: Path, tmp_path: Path, seed: int
) -> None:
    """What changes the best ten levels changes the checksum: the next one finds it."""
    lines = (real / "crypto_ws_cryptofeed/2021-04-17/KRAKEN.ws.50.0").read_text().splitlines()
    said = {n: json.loads(line.partition(": ")[2]) for n, line in enumerate(lines) if ": [" in line}
    changes = [n for n, each in said.items() if "c" in each[-3]]
    of_pair: dict[str, list[int]] = {}
    for n in changes:
        of_pair.setdefault(said[n][-1], []).append(n)
    # It changes the best ten, and the one after it does not put them back.
    seen = [
        n
        for numbers in of_pair.values()
        for before, n, after in zip(numbers, numbers[1:], numbers[2:], strict=False)
        if said[before][-3]["c"] != said[n][-3]["c"] == said[after][-3]["c"]
    ]
    lost = seen[len(seen) * seed // 12]
    path = tmp_path / "KRAKEN.ws.50.0"
    path.write_text("\n".join(lines[:lost] + lines[lost + 1 :]))

    rows = captured(kraken_book, path)

    left = [n for n in of_pair[said[lost][-1]] if n > lost]
    ((_, channel, reason, *_, n_dropped),) = gaps(rows)
    assert (channel, reason, n_dropped) == ("book", "checksum", len(left))


@pytest.mark.real
def test_the_best_prices_are_those_of_coinbases_own_ticker(
    real: Path, held: dict[str, Rows]
) -> None:
    """A ticker tells the top right after its trade, which our book shows at one of its moments."""
    tops: dict[str, set[tuple[Any, ...]]] = {}
    for row in held["coinbase"]["book_tops"]:
        tops.setdefault(row["pair"], set()).add((row["best_bid"], row["best_ask"]))
    tickers = [each for each in messages(real, "coinbase") if each["type"] == "ticker"]
    first = {each["product_id"]: each for each in reversed(tickers)}  # of a trade before that

    found = Counter(
        (float(each["best_bid"]), float(each["best_ask"])) in tops[each["product_id"]]
        for each in tickers
        if each is not first[each["product_id"]]
    )

    assert found == {True: 97}


@pytest.mark.real
def test_deribits_tickers_show_the_best_prices_of_its_books(
    real: Path, held: dict[str, Rows]
) -> None:
    tops: dict[str, set[tuple[Any, ...]]] = {}
    names = ("best_bid", "bid_size", "best_ask", "ask_size")
    for row in held["deribit"]["book_tops"]:
        tops.setdefault(row["pair"], set()).add(of([row], *names)[0])
    found: Counter[bool] = Counter()
    for each in messages(real, "deribit"):
        if each.get("params", {}).get("channel", "").startswith("ticker."):
            said = each["params"]["data"]
            sides = ("bid_price", "bid_amount", "ask_price", "ask_amount")
            best = tuple(said[f"best_{side}"] for side in sides)
            if said["best_bid_price"] and said["best_ask_price"]:
                found[best in tops[said["instrument_name"]]] += 1

    assert found == {True: 274}
