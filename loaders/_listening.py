"""How a feed is listened to that pushes what it was asked for: silences, losses, what is handed on.

A loss is a stretch from the last message before it until messages can come again.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from datetime import datetime, timedelta
from typing import Protocol

from leadline import clock
from leadline.clock import BEGINNING
from leadline.errors import FeedError
from leadline.feed import Batch, Connection, Json, Row, Socket, understood

EVERY = timedelta(seconds=1)  # how often what came is handed on


class Subscription(Protocol):
    """What one connection is asked for, and what it pushes then."""

    @property
    def is_whole(self) -> bool:
        """Say whether all that was asked for is pushed by now."""

    def events(self) -> AsyncGenerator[tuple[datetime, str, list[Json]], None]:
        """Yield each message with its moment and the events in it; in a silence there are none."""


class Tape(Protocol):
    """What was pushed so far, as rows."""

    losses: "Losses"

    def take(self, at: datetime, events: Sequence[Json]) -> None:
        """Take the events of one message."""

    def add_gaps(self, rows: Sequence[Row]) -> None:
        """Take rows of feed_gaps."""

    def taken(self) -> Iterator[Batch]:
        """Yield what came since the last time, dataset by dataset."""


async def heard(
    connection: Connection, every_s: float
) -> AsyncGenerator[tuple[datetime, str], None]:
    """Yield each message with its moment, and in a silence an empty one every so often."""
    messages = aiter(connection)

    async def next_one() -> tuple[datetime, str] | None:
        return await anext(messages, None)

    coming = asyncio.create_task(next_one())
    try:
        while True:
            await asyncio.wait({coming}, timeout=every_s)
            if not coming.done():
                yield clock.now(), ""
                continue
            said = coming.result()
            if said is None:
                return
            coming = asyncio.create_task(next_one())
            yield said
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming


async def told(
    feed: str, socket: Socket, subscribe: Callable[[Connection], Subscription], tape: Tape
) -> AsyncGenerator[Batch, None]:
    """Yield what a tape makes of what is pushed, about once a second; a loss is a gap."""
    handed_on_at = BEGINNING
    async for connection in socket:
        subscription = subscribe(connection)
        pushing: AbstractAsyncContextManager[AsyncGenerator[tuple[datetime, str, list[Json]]]]
        pushing = aclosing(subscription.events())
        try:
            async with pushing as pushed:
                async for at, text, events in pushed:
                    with understood(feed, text):
                        tape.take(at, events)
                    if subscription.is_whole:
                        tape.add_gaps(tape.losses.resume(at))
                    if at >= handed_on_at + EVERY:
                        handed_on_at = at
                        for batch in tape.taken():
                            yield batch
        except FeedError:
            tape.add_gaps(tape.losses.rest())
            for batch in tape.taken():
                yield batch
            raise
        if connection.lost_at:
            tape.losses.lose(connection.lost_at, connection.reason)
    tape.add_gaps(tape.losses.rest())
    for batch in tape.taken():
        yield batch


class Losses:
    """Stretches from the last message before a loss until messages can come again."""

    def __init__(self, venue: str, channels: Sequence[str]) -> None:
        self.venue, self.channels = venue, channels
        self._heard_at: datetime | None = None
        self._lost: tuple[datetime, datetime, str] | None = None  # since when, when it showed, why

    def hear(self, at: datetime) -> None:
        """Take note that something was said."""
        self._heard_at = at

    def lose(self, at: datetime, reason: str = "disconnect") -> None:
        """Begin a stretch with the last message; where nothing was heard nothing is missed."""
        if self._heard_at and not self._lost:
            self._lost = self._heard_at, at, reason

    def resume(self, at: datetime) -> list[Row]:
        """End the stretch, if there is one, and return it."""
        found = self._rows(at, at)
        self._lost = None
        return found

    def rest(self) -> list[Row]:
        """Return the stretch that lasts at the end."""
        return self._rows(None, self._lost[1]) if self._lost else []

    def _rows(self, ended_at: datetime | None, known_at: datetime) -> list[Row]:
        if not self._lost:
            return []
        began_at, _, reason = self._lost
        facts = {
            "venue": self.venue, "pair": "all", "began_at": began_at, "ended_at": ended_at,
            "reason": reason, "n_dropped": 0, "known_at": known_at,
        }  # fmt: skip
        return [facts | {"channel": channel} for channel in self.channels]
