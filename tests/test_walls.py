"""Walls planted among the messages of a real book, before the loader: which are told, and how."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from leadline import clock
from leadline.feed import files
from loaders import binance_book
from tests.desks import real_store
from tests.doors import door, rows

SEED = 31
NAME = "btcusdt_20240808"
LASTS = 155  # seconds of the capture that are taken
FIRST, EVERY, STOPS = 65, 1.2, 130  # seconds of it in which walls are planted
SHARE = 0.05  # of the depth of a side
FLOOR_USD = 250_000
OVER = (0.5, 0.95, 1.05, 2, 4)  # times the floor
SECOND = 1_000_000_000
KINDS = ("pulled", "eaten", "moved", "refilled")


@dataclass
class Line:
    """One line of a recorder: when it came in nanoseconds, and its frame."""

    at: int
    frame: dict[str, Any]

    @property
    def update_id(self) -> int:
        """The last id of a message that changes the book, or 0."""
        event = self.frame.get("data", {})
        return int(event["u"]) if event.get("e") == "depthUpdate" else 0


@dataclass
class Wall:
    """One planted wall, where it stands and what becomes of it."""

    book_side: int
    price: float
    size: float
    over: float
    kind: str

    @property
    def wanted(self) -> str:
        """The state in which it should end: refilled, it is pulled in the end."""
        return "pulled" if self.kind == "refilled" else self.kind


def captured(real: Path) -> list[Line]:
    """Read the first minutes of a capture of Binance's spot book."""
    path = real / "crypto_binance_hftbacktest" / "spot" / f"{NAME}.gz"
    lines = []
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        at, _, frame = line.partition(" ")
        lines.append(Line(int(at), json.loads(frame)))
    return [line for line in lines if line.at < lines[0].at + LASTS * SECOND]


def written(lines: Sequence[Line], place: Path) -> Path:
    """Write a capture in order of time, as its recorder does; trades are numbered anew."""
    place.mkdir()
    in_time = sorted(lines, key=lambda one: one.at)
    for number, line in enumerate(in_time):
        if line.frame.get("data", {}).get("e") == "trade":
            line.frame["data"]["t"] = number
    said = [f"{line.at} {json.dumps(line.frame)}" for line in in_time]
    (place / NAME).write_text("\n".join(said) + "\n")
    return place


def depths(folder: Path) -> dict[int, tuple[float, dict[int, float]]]:
    """Return the mid and the depth of each side after each message, as the loader has them."""
    found, _ = files([folder], binance_book.FEED.knows, binance_book.FEED.parts)
    told: dict[int, tuple[float, dict[int, float]]] = {}
    for dataset, extract in binance_book.read(found):
        if dataset == "book_updates":
            for row in cast(Any, extract).rows.to_pylist():
                sides = {
                    side: row[f"{name}_size_200bps"] or row[f"{name}_size_all"]
                    for side, name in ((1, "bid"), (-1, "ask"))
                }
                told[row["update_id"]] = ((row["best_bid"] + row["best_ask"]) / 2, sides)
    return told


class Plan:
    """Plants walls one by one; those that stand count in the depth that the next one meets."""

    def __init__(self, lines: list[Line], folder: Path, seed: int) -> None:
        self.chance, self.began = Random(seed), lines[0].at
        self.depths = depths(folder)
        self.steps = [line for line in lines if line.update_id in self.depths]
        self.walls: list[Wall] = []
        self.trades: list[Line] = []
        self.standing: list[tuple[int, int, int, float]] = []  # side, from, until, size
        self.prices = {
            float(price)
            for line in lines
            for event in (line.frame.get("data", line.frame),)
            for name in ("b", "a", "bids", "asks")
            if isinstance(event.get(name), list)
            for price, _ in event[name]
        }

    def plant(self) -> None:
        """Plant walls on both sides, every second or so, each at a price of its own."""
        for side in (1, -1):
            at = float(FIRST)
            while at < STOPS:
                self.add(side, self.began + int(at * SECOND))
                at += EVERY * self.chance.uniform(0.8, 1.2)

    def add(self, side: int, at: int) -> None:
        """Plant one wall, and take it away again."""
        chance, begin = self.chance, self.after(at)
        mid, sides = self.depths[begin.update_id]
        others = sum(
            size for one, since, until, size in self.standing
            if one == side and since <= begin.at < until
        )  # fmt: skip
        price = self.price(side, mid)
        floor = max(FLOOR_USD / price, SHARE / (1 - SHARE) * (sides[side] + others))
        over = chance.choice(OVER)
        size = round(over * floor, 5)
        kind = chance.choice(KINDS if over >= 2 else KINDS[:3])
        wall = Wall(side, price, size, over, kind)
        self.walls.append(wall)
        end = self.after(at + int(chance.uniform(11, 20) * SECOND))
        left = [(begin, size), (end, 0)]
        if kind == "refilled":
            eaten = self.after(begin.at + 3 * SECOND)
            self.trade(wall, eaten.at - 40_000_000, 0.3 * size)
            filled = self.after(eaten.at + 2 * SECOND)
            left[1:1] = [(eaten, round(0.7 * size, 5)), (filled, size)]
        if kind == "eaten":
            self.trade(wall, end.at - chance.randrange(200) * 1_000_000, 0.6 * size)
            self.trade(wall, end.at + chance.randrange(200) * 1_000_000, 0.3 * size)
        for line, now in left:
            self.say(line, wall, now)
        for (line, now), (later, _) in pairwise(left):
            self.standing.append((side, line.at, later.at, now))
        if kind == "moved":
            gone = self.after(end.at + 3 * SECOND)
            other = Wall(side, self.price(side, mid), size, over, kind)
            self.say(end, other, size)
            self.say(gone, other, 0)
            self.standing.append((side, end.at, gone.at, size))

    def after(self, at: int) -> Line:
        """Return the first message from a moment on that changes the book."""
        return next(line for line in self.steps if line.at >= at)

    def price(self, side: int, mid: float) -> float:
        """Draw a price that nobody else quotes, a little away from the mid."""
        while True:
            away = self.chance.uniform(30, 120)
            price = round(mid * (1 - side * away / 10_000), 2)
            if price not in self.prices:
                self.prices.add(price)
                return price

    def say(self, line: Line, wall: Wall, size: float) -> None:
        """Give a level its size in a message."""
        levels = line.frame["data"]["b" if wall.book_side == 1 else "a"]
        levels.append([f"{wall.price:.8f}", f"{size:.8f}"])

    def trade(self, wall: Wall, at: int, size: float) -> None:
        """Trade with a level, by whoever comes from the other side."""
        micros = at // 1_000_000
        data = {
            "e": "trade", "E": micros, "s": "BTCUSDT", "p": f"{wall.price:.8f}",
            "q": f"{size:.8f}", "T": micros, "m": wall.book_side == 1, "M": True,
        }  # fmt: skip
        self.trades.append(Line(at, {"stream": "btcusdt@trade", "data": data}))


def planted(real: Path, place: Path, seed: int) -> tuple[list[Wall], list[dict[str, Any]]]:
    """Plant walls in the capture, load it, and return them and what is told of walls."""
    lines = captured(real)
    plan = Plan(lines, written(lines, place / "real"), seed)
    plan.plant()
    folder = written([*lines, *plan.trades], place / "planted")
    store = real_store(place / "store", ("binance_book", folder))
    with door(store) as house:
        return plan.walls, rows(house.ask("features.walls", clock.BEGINNING, clock.FOREVER))


def outcomes(
    walls: Sequence[Wall], told: Sequence[dict[str, Any]]
) -> Iterator[tuple[Wall, str | None]]:
    """Yield each wall with how it was said to end; None where it was not told at all."""
    states = {
        (row["book_side"], row["price"], row["wall_state"] == "appeared"): row for row in told
    }
    for wall in walls:
        place = (wall.book_side, wall.price)
        if (*place, True) not in states:
            yield wall, None
        else:
            yield wall, states.get((*place, False), {}).get("wall_state", "")


@pytest.fixture(scope="module")
def found(
    real: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[tuple[Wall, str | None]], list[dict[str, Any]]]:
    walls, told = planted(real, tmp_path_factory.mktemp("walls"), SEED)
    return list(outcomes(walls, told)), told


@pytest.mark.real
def test_walls_over_the_floor_are_told_and_no_others(
    found: tuple[list[tuple[Wall, str | None]], list[dict[str, Any]]],
) -> None:
    ends, told = found
    n = Counter(wall.over for wall, _ in ends)
    n_told = Counter(wall.over for wall, end in ends if end is not None)

    recall = {over: n_told[over] / n[over] for over in OVER}
    assert min(n.values()) >= 10
    assert recall[0.5] == recall[0.95] == 0
    assert min(recall[2], recall[4]) >= 0.95
    prices = {(wall.book_side, wall.price) for wall, _ in ends}
    assert [row for row in told if (row["book_side"], row["price"]) not in prices] == []


@pytest.mark.real
def test_what_became_of_them_is_told_right(
    found: tuple[list[tuple[Wall, str | None]], list[dict[str, Any]]],
) -> None:
    ends, _ = found
    large = [(wall.wanted, end) for wall, end in ends if end is not None]

    assert {wanted for wanted, _ in large} == {"pulled", "eaten", "moved"}
    assert sum(wanted == end for wanted, end in large) >= 0.95 * len(large)
