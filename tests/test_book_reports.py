"""Ladder and depth of captures beside the loader's own books, which SQL never sees."""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline import clock, load, project
from leadline.feed import files
from leadline.warehouse import Warehouse
from loaders import binance_book, bitfinex_book
from loaders._bitfinex_stream import Stream
from loaders._books import Place
from loaders._capture import Capture, heard, moment
from tests.binance import MESSAGES, of
from tests.desks import load_into
from tests.doors import ROOT, door, opened, rows

SPOT = "crypto_binance_hftbacktest/spot/btcusdt_20240808.gz"
LEVELS = "crypto_ws_cryptofeed/2021-04-05/BITFINEX-58bafb.0.gz"
ORDERS = MESSAGES / "BITFINEX.ws.1.0"
BAR_US = 10_000_000
ALL = 100_000

Level = tuple[float, float]
Side = tuple[str, str, int]


@dataclass(frozen=True)
class Replay:
    """What a capture's own books were at its end, and at the end of each ten seconds."""

    last: dict[Side, list[Level]]
    at: dict[tuple[Side, datetime], list[Level]]


def replay(feed: Any, capture: Capture, path: Path) -> Replay:
    """Give a loader's books each line of a capture, and look at them in between."""
    found, _ = files([path], feed.FEED.knows, feed.FEED.parts)
    (file,) = found
    at: dict[tuple[Side, datetime], list[Level]] = {}
    bar = 0
    for number, line in enumerate(file.bytes().split(b"\n"), start=1):
        if said := heard(line.rstrip(b"\r")):
            if bar and said.at // BAR_US > bar:
                for side, levels in sides(capture).items():
                    at[side, moment((bar + 1) * BAR_US)] = levels
            bar = max(bar, said.at // BAR_US)
        capture.hear(file, number, line.rstrip(b"\r"))
    last = sides(capture)
    for side, levels in last.items():
        at[side, moment((bar + 1) * BAR_US)] = levels
    return Replay(last, at)


def sides(capture: Capture) -> dict[Side, list[Level]]:
    """Return every level of each book that is in sync, the best one first."""
    books: dict[Place, Any] = capture.books
    return {
        (*place, sign): book.best(sign, ALL)
        for place, book in books.items()
        if book.state == "synced"
        for sign in (1, -1)
    }


@pytest.fixture(scope="module")
def house(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Load both captures as a user does."""
    place = tmp_path_factory.mktemp("books") / "store"
    loaded(place, "binance_book", real / SPOT)
    loaded(place, "bitfinex_book", real / LEVELS)
    with door(place) as house:
        yield house


def loaded(place: Path, feed: str, path: Path) -> None:
    """Load a capture into a store."""
    module = project.feed(ROOT, feed)
    with opened(place) as store:
        list(load.from_files(feed, module, store, load.plan(feed, module, [path]).files))


def ladder(house: Warehouse) -> dict[Side, list[Level]]:
    """Ask for the best levels, by book and side."""
    told: dict[Side, list[Level]] = defaultdict(list)
    for row in rows(house.ask("reports.book_ladder", clock.BEGINNING, clock.FOREVER)):
        told[of(row, "venue", "pair", "book_side")].append(of(row, "price", "size"))
        assert len(told[of(row, "venue", "pair", "book_side")]) == row["level_number"]
        assert (row["seen_frac"], row["is_whole"], row["is_in_sync"]) == (1, True, True)
    return dict(told)


@pytest.fixture(scope="module")
def binance(real: Path) -> Replay:
    return replay(binance_book, binance_book.Frames(), real / SPOT)


@pytest.mark.real
@pytest.mark.soak
def test_the_ladder_is_the_loaders_own_book_at_the_end_of_the_capture(
    house: Warehouse, binance: Replay, real: Path
) -> None:
    bitfinex = replay(bitfinex_book, Stream(), real / LEVELS)

    told = ladder(house)

    books = binance.last | bitfinex.last
    assert told == {side: levels[:25] for side, levels in books.items() if levels}
    assert (len(books), sum(map(len, told.values()))) == (18, 438)


@pytest.mark.real
def test_depth_is_what_stood_in_the_loaders_own_book_at_the_end_of_each_ten_seconds(
    house: Warehouse, binance: Replay
) -> None:
    books = binance.at

    told = rows(
        house.ask("reports.book_depth", clock.BEGINNING, clock.FOREVER).filter("venue = 'binance'")
    )

    wanted: dict[Any, list[Level]] = defaultdict(list)
    for (side, until), levels in books.items():
        pair = side[:2]
        mid = (books[(*pair, 1), until][0][0] + books[(*pair, -1), until][0][0]) / 2
        for price, size in levels:
            low, high = span_of(price)
            if high > mid * 0.98 and low <= mid * 1.02:
                wanted[side[2], until, low].append((price, size))
    sizes = {
        key: (round(sum(size for _, size in levels), 8), len(levels))
        for key, levels in wanted.items()
    }
    assert {
        of(row, "book_side", "known_at", "price_from"): of(row, "size", "n_levels") for row in told
    } == sizes
    assert len({row["known_at"] for row in told}) == 35
    assert {row["seen_frac"] for row in told} == {1}


def span_of(price: float) -> tuple[float, float]:
    """Return the round range in which a price lies, by decimals."""
    exact = Decimal(str(price))
    decade = Decimal(10) ** exact.adjusted()
    step = (
        decade * Decimal("0.0005") * (1 if exact < 2 * decade else 2 if exact < 5 * decade else 5)
    )
    return float(exact // step * step), float((exact // step + 1) * step)


def test_the_ladder_of_a_book_of_orders_adds_them_up(tmp_path: Path) -> None:
    loaded(tmp_path, "bitfinex_book", ORDERS)
    books = replay(bitfinex_book, Stream(), ORDERS)

    with door(tmp_path) as house:
        answer = house.ask("reports.book_ladder", clock.BEGINNING, clock.FOREVER)
        told = rows(answer.filter("pair = 'BTC-USD'"))

    for sign in (1, -1):
        own = books.last["bitfinex", "BTC-USD", sign]
        assert [of(row, "price", "size") for row in told if row["book_side"] == sign] == own
    assert [row["n_orders"] for row in told] == [2, 1, 1, 1]


@pytest.mark.real
def test_a_clock_that_is_behind_shows_as_such(house: Warehouse) -> None:
    answer = house.ask("reports.book_health", clock.BEGINNING, clock.FOREVER)

    (row,) = rows(answer.filter("venue = 'binance'"))
    assert row["in_sync_frac"] == 1
    assert row["n_messages"] == 3_450
    assert row["clock_behind_ms"] == pytest.approx(1_271, abs=3)


@pytest.mark.real
@pytest.mark.soak
def test_each_whale_of_the_capture_that_came_within_reach_lies_in_the_depth(
    house: Warehouse, tmp_path: Path
) -> None:
    fired = rows(house.ask("crypto.whale", clock.BEGINNING, clock.FOREVER))
    said = {"detector": "crypto.whale", "version": 2, "fingerprint": "f", "severity": "low"}
    said |= {"inputs": "[]", "params": "{}", "is_late": False}
    alerts = [
        row | said | dict.fromkeys(("known_at", "ticked_at", "recorded_until"), row["fired_at"])
        for row in fired
    ]
    shutil.copytree(str(house.store.place), tmp_path / "store")
    with opened(tmp_path / "store") as store:
        load_into(store, "alerts", alerts, feed="loop")

    with door(tmp_path / "store") as own:
        depth = own.ask("reports.book_depth", clock.BEGINNING, clock.FOREVER)
        told = depth.aggregate("sum(n_whales), sum(whale_size)").fetchall()

    near = [json.loads(row["evidence"]) for row in fired]
    near = [each for each in near if abs(each["dist_bps"]) <= 200]
    assert len(near) >= 4
    assert told == [(len(near), pytest.approx(sum(each["add_size"] for each in near)))]
