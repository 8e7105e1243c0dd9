"""Binance's snapshots: how deep they are, how often one may be asked for, and which are to come."""

import asyncio
from collections import deque
from collections.abc import Iterator
from urllib.parse import quote

from leadline.allowance import Allowance
from leadline.feed import Connection, Json

SNAPSHOT = "https://data-api.binance.vision/api/v3/depth"

_A_MINUTE, _BURST = 4_000, 1_500  # weights; 6,000 a minute are Binance's limit, for all who ask
_AT_ONCE = 4  # questions
# Levels a side, and what asking for so many weighs.
_DEPTHS = ((5_000, 250), (1_000, 50), (500, 25), (100, 5))


class Snapshots:
    """What all connections of a feed together may ask for, and how deep."""

    def __init__(self, n_books: int) -> None:
        """Take the deepest snapshots of which so many books have theirs in about a minute."""
        fitting = [(n, each) for n, each in _DEPTHS if n_books * each <= _A_MINUTE + _BURST]
        self.depth, self._weight = (fitting or _DEPTHS[-1:])[0]
        self._allowance = Allowance(_A_MINUTE, _BURST)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, connection: Connection, symbol: str) -> Json:
        """Return a book, once its turn has come."""
        async with self._turns:
            await asyncio.sleep(self._allowance.wait_s(self._weight))
            return await connection.ask(SNAPSHOT, symbol=symbol, limit=self.depth)

    def url(self, symbol: str) -> str:
        """Return the address at which a book was asked for."""
        return f"{SNAPSHOT}?symbol={quote(symbol)}&limit={self.depth}"


class Asked:
    """The snapshots that one connection was asked for."""

    def __init__(self, connection: Connection, snapshots: Snapshots) -> None:
        self._connection, self._snapshots = connection, snapshots
        self._tasks: dict[str, asyncio.Task[Json]] = {}
        self._come: deque[str] = deque()

    def ask(self, symbol: str) -> None:
        """Ask for a book, unless it is on its way."""
        if symbol not in self._tasks:
            task = asyncio.create_task(self._snapshots.ask(self._connection, symbol))
            task.add_done_callback(lambda _: self._come.append(symbol))
            self._tasks[symbol] = task

    def come(self) -> Iterator[tuple[str, Json]]:
        """Yield each book that has come; a refusal is a FeedError."""
        while self._come:
            symbol = self._come.popleft()
            yield symbol, self._tasks.pop(symbol).result()

    def cancel(self) -> None:
        """Wait for none of them any more."""
        for task in self._tasks.values():
            task.cancel()
