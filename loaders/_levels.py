"""Venues whose streams bring the snapshots of their level books, and one loop that listens to them.

A book that breaks is asked for anew, alone, while the others go on; where no snapshot comes, the
connection is made again.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence

from leadline import clock
from leadline.book import Level, Message
from leadline.errors import FeedError
from leadline.feed import Batch, Json, Socket, understood
from loaders._books import Place
from loaders._capture import Capture, microseconds

DIGITS = 8  # of a price, where a venue does not need more
PATIENCE_S = 10  # how long a snapshot may take; a guess
_PAUSE_US = 1_000_000  # between two questions for one; a guess
_FLUSH_US = 1_000_000  # how much is received before it is handed on


class Levels(Capture):
    """The level books of one connection after another, and how the venue is talked to."""

    name: str
    places: Sequence[Place] = ()  # what is listened to

    def greetings(self) -> Iterable[Json]:
        """Return what a connection begins with: it brings a snapshot of every book."""
        raise NotImplementedError

    def renewals(self, place: Place) -> Iterable[Json]:
        """Return what brings another snapshot of one book."""
        raise NotImplementedError

    def replies(self) -> Iterable[Json]:
        """Return what the venue waits for; a connection of no more use is a FeedError."""
        return ()

    def begin(
        self, place: Place, levels: Sequence[Level], at: int, number: int, *,
        last: int = 0, depth: int | None = None, digits: int = DIGITS,
    ) -> None:  # fmt: skip
        """Start a book over from a snapshot; digits are what its prices have."""
        snapshot = Message(last, last, levels, at)
        book = self.books[place]
        self.applied(place, book.begin(snapshot, depth=depth, ticks=10**digits), number)

    def follow(
        self, place: Place, levels: Sequence[Level], at: int, exchange_at: int, number: int, *,
        proof: Callable[..., bool] | None = None,
    ) -> None:  # fmt: skip
        """Take changes of a venue that numbers none: they are counted from the snapshot on."""
        book = self.books[place]
        nth = book.last + 1
        message = Message(nth, nth, levels, at, exchange_at, proof=proof)
        self.applied(place, book.apply(message), number)


class _Questions:
    """The snapshots that a connection was asked for."""

    def __init__(self, levels: Levels, patience_s: float) -> None:
        self._levels, self._patience_s = levels, patience_s
        self._asked_at = dict.fromkeys(levels.places, microseconds(clock.now()))
        self._waits = set(levels.places)
        self._may_ask_at: dict[Place, int] = {}

    def due(self, at: int) -> Iterable[Json]:
        """Yield what is to be asked now; a snapshot that does not come is a FeedError."""
        for place in self._levels.places:
            if self._levels.books[place].state == "synced":
                self._waits.discard(place)
            elif place not in self._waits and at >= self._may_ask_at.get(place, 0):
                self._waits.add(place)
                self._asked_at[place], self._may_ask_at[place] = at, at + _PAUSE_US
                yield from self._levels.renewals(place)
            elif place in self._waits and at - self._asked_at[place] > self._patience_s * 1e6:
                raise FeedError(
                    f"{self._levels.name}: no snapshot of {place[1]} in {self._patience_s:g} s; "
                    f"it is asked for over another connection",
                    try_again=True,
                )


def decimals(prices: Iterable[str]) -> int:
    """Return how many digits the finest of these prices has behind its point."""
    return max((len(price.partition(".")[2]) for price in prices), default=0)


async def listened(socket: Socket, levels: Levels, patience_s: float) -> AsyncIterator[Batch]:
    """Yield books and trades about once a second; what a lost connection leaves out is a gap."""
    handed_on_at = 0
    async for connection in socket:
        questions = _Questions(levels, patience_s)
        try:
            for message in levels.greetings():
                await connection.send(message)
            async for received_at, text in connection:
                at = microseconds(received_at)
                with understood(levels.name, text):
                    levels.take(levels.parsed(text), at, connection.number)
                for message in [*levels.replies(), *questions.due(at)]:
                    await connection.send(message)
                if at >= handed_on_at + _FLUSH_US:
                    handed_on_at = at
                    for batch in levels.rows.taken():
                        yield batch
        except FeedError as error:
            if error.exit_code != 3:
                for batch in levels.rest():
                    yield batch
                raise
            await connection.give_up(str(error))
        if connection.lost_at:
            levels.lose(microseconds(connection.lost_at), connection.reason)
        for batch in levels.rows.taken():
            yield batch
    for batch in levels.rest():
        yield batch
