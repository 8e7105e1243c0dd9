"""Kraken as its clients meet it: an exchange that tells the best levels of its book, with texts."""

import json
from random import Random
from typing import Any
from zlib import crc32

DECIMALS = 5
Book = dict[tuple[int, int], int]  # side and price to volume, in their smallest units


def text(units: int, digits: int) -> str:
    """Write smallest units as Kraken does, with all its digits."""
    return f"{units / 10**digits:.{digits}f}"


def best(book: Book, side: int, depth: int) -> list[tuple[int, int]]:
    """Return the best prices of a side and their volumes, by sorting them all."""
    found = sorted((-side * price, price) for (s, price), volume in book.items() if s == side)
    return [(price, book[side, price]) for _, price in found[:depth]]


def window(book: Book, depth: int) -> Book:
    """Return what a subscription of a depth shows."""
    return {(side, price): v for side in (1, -1) for price, v in best(book, side, depth)}


def checksum(book: Book) -> str:
    """Reckon the CRC32 as Kraken's documentation says, from texts."""
    line = ""
    for side in (-1, 1):
        for price, volume in best(book, side, 10):
            line += text(price, DECIMALS).replace(".", "").lstrip("0")
            line += text(volume, 8).replace(".", "").lstrip("0")
    return str(crc32(line.encode()))


class Exchange:
    """A book of many levels, of which a subscription sees the best; changes come from a seed."""

    def __init__(self, seed: int, depth: int, name: str = "XBT/CHF") -> None:
        self.chance, self.depth, self.name = Random(seed), depth, name
        self.book: Book = {}
        for side in (1, -1):
            for n in self.chance.sample(range(1, 200), 3 * depth):
                self.book[side, 500_000 - side * n] = self.chance.randint(1, 10**9)

    def message(self, *parts: dict[str, Any]) -> list[Any]:
        return [464, *parts, f"book-{self.depth}", self.name]

    def snapshot(self) -> list[Any]:
        """Return the message that a subscription begins with; it has no checksum."""
        return self.message({"as": self._levels(-1), "bs": self._levels(1)})

    def _levels(self, side: int) -> list[list[str]]:
        return [self._level(side, price, v) for price, v in best(self.book, side, self.depth)]

    def _level(self, side: int, price: int, volume: int, *marks: str) -> list[str]:
        return [text(price, DECIMALS), text(volume, 8), "1618678133.365913", *marks]

    def change(self) -> list[Any]:
        """Change a level or a few; what falls out of the window is not told, what enters is."""
        seen = window(self.book, self.depth)
        while seen == window(self.book, self.depth):
            touched = set()
            for _ in range(self.chance.randint(1, 3)):
                side = self.chance.choice((1, -1))
                price = 500_000 - side * self.chance.randint(1, 200)
                touched.add((side, price))
                if self.chance.random() < 0.45:
                    held = [place for place in window(self.book, self.depth) if place[0] == side]
                    touched.add(taken := self.chance.choice(held))
                    self.book.pop(taken)
                else:
                    self.book[side, price] = self.chance.randint(1, 10**9)
        now = window(self.book, self.depth)
        parts: dict[int, list[list[str]]] = {1: [], -1: []}
        for side, price in seen.keys() - now.keys():
            if (side, price) not in self.book:
                parts[side].append(self._level(side, price, 0))
        for place, volume in now.items():
            if seen.get(place) != volume:
                marks = () if place in touched else ("r",)
                parts[place[0]].append(self._level(*place, volume, *marks))
        told: list[dict[str, Any]]
        told = [{key: parts[side]} for side, key in ((-1, "a"), (1, "b")) if parts[side]]
        if not told:  # what fell out only
            return self.change()
        told[-1]["c"] = checksum(now)
        return self.message(*told)


def lines(*messages: Any, since: float = 100.0) -> list[str]:
    """Return messages as a recorder writes them, a hundredth of a second apart."""
    return [f"{since + n / 100:.2f}: {json.dumps(each)}" for n, each in enumerate(messages)]


def kept(book: Book, message: list[Any], depth: int) -> Book:
    """Return what a naive client makes of a change: all levels, then the best of them."""
    book = dict(book)
    for part in message[1:-2]:
        for key, side in (("a", -1), ("b", 1)):
            for price, volume, *_ in part.get(key, ()):
                place = (side, round(float(price) * 10**DECIMALS))
                book.pop(place, None)
                if float(volume):
                    book[place] = round(float(volume) * 10**8)
    return window(book, depth)
