"""Listens to feeds in a thread of its own, and appends what they say to the store again and again.

What was received is kept: when it is told to stop, and when a feed stops by itself.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from threading import Event, Thread
from time import monotonic
from types import ModuleType, TracebackType
from typing import Any, Self, cast

from leadline import clock
from leadline.errors import StoreError
from leadline.feed import Batch, Plain, Rows, Socket, batches
from leadline.publication import Publication
from leadline.store import Store

_MANY = 500_000  # rows that are not held longer; fewer cost more flushes than they save memory
_MOST = 2_000_000  # rows that are held of a feed; then it is not heard until some are stored
_LOOK_S = 0.1  # how often it is seen what is due
_STOP_S = 5.0  # how long a feed may take to end by itself

_log = logging.getLogger("leadline.live")


Ways = Sequence[tuple[Socket, Mapping[str, Any]]]  # a feed's connections, and what each is given


@dataclass
class _Ear:
    """One feed, and what it said since the last flush."""

    name: str
    module: ModuleType
    ways: Ways
    held: list[Batch] = field(default_factory=list)
    held_since: float = 0.0
    n_rows: int = 0
    n_flushes: int = 0
    tried_at: float = field(default_factory=monotonic)
    enough: int = _MANY  # rows that are due at once
    most: float = _MOST
    room: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, socket: Socket, given: Mapping[str, Any]) -> None:
        """Hold what the feed says over one connection after another, for as long as it speaks."""
        async for dataset, rows in self.module.listen(socket, **given):
            self.held_since = self.held_since if self.held else monotonic()
            self.held.append((dataset, rows))
            self.n_rows += _count(rows)
            if self.n_rows >= self.most:
                _log.warning("feed waits for the store feed=%s n=%d", self.name, self.n_rows)
                self.room.clear()
                await self.room.wait()

    def give_room(self) -> None:
        """Hear on, if what is held allows it."""
        if self.n_rows < self.most:
            self.room.set()

    def is_due(self, every_s: float) -> bool:
        """Say whether something is held, for long or in great numbers."""
        is_old = monotonic() - self.tried_at >= every_s
        return bool(self.held) and (is_old or self.n_rows >= self.enough)


class Listener:
    """A thread that listens while this is entered; leaving raises what it stopped with.

    It uses the store alone. Sockets are made in the thread, for they belong to its loop. It sets
    `ended` when it stops, so that whoever works beside it stops too.
    """

    def __init__(
        self,
        feeds: Mapping[str, tuple[ModuleType, Callable[[], Ways]]],
        store: Store,
        ended: Event,
        *,
        every_s: float = 2,
        most: int = _MOST,
        took: Callable[[str, float], None] = lambda stage, seconds: None,
    ) -> None:
        """Tell `took` how long rows were held, and how long it took to store them.

        A feed of which `most` rows are held waits until some are stored: its source then holds
        back, or ends the connection, which is a gap with its reason. None of what came is lost.
        """
        self._took = took
        self._feeds, self._store, self._ended = feeds, store, ended
        self._every_s, self._most = every_s, most
        self._began = f"{clock.stamp(clock.now())} {os.getpid()}"  # no other run's coverage
        self._stop = Event()
        self._error: Exception | None = None
        self._thread = Thread(target=self._run, daemon=True)  # a second Ctrl-C ends at once

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop every feed and append what is held."""
        self._stop.set()
        self._thread.join()
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._listen())
        except Exception as error:
            self._error = error
        finally:
            self._ended.set()

    async def _listen(self) -> None:
        ears = [
            _Ear(name, module, made(), most=self._most)
            for name, (module, made) in self._feeds.items()
        ]
        hearing = [asyncio.create_task(ear.hear(*way)) for ear in ears for way in ear.ways]
        while not (self._stop.is_set() or any(task.done() for task in hearing)):
            await asyncio.wait(hearing, timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
            for ear in [ear for ear in ears if ear.is_due(self._every_s)]:
                try:
                    await self._flush(ear)
                except StoreError as error:
                    ear.enough = ear.n_rows + _MANY
                    _log.warning("flush left for later feed=%s reason=%s", ear.name, error)
        for ear in ears:
            ear.most = inf
            ear.give_room()
        await asyncio.gather(*(socket.stop() for ear in ears for socket, _ in ear.ways))
        _, late = await asyncio.wait(hearing, timeout=_STOP_S)
        for task in late:
            task.cancel()
        told = await asyncio.gather(*hearing, return_exceptions=True)
        for ear in ears:
            await self._flush(ear)
        for said in told:
            if isinstance(said, Exception):
                raise said

    async def _flush(self, ear: _Ear) -> None:
        """Append what is held as a publication of its own, while the feed goes on being heard."""
        ear.tried_at = monotonic()
        if not (held := ear.held[:]):
            return
        card, coverage = ear.module.FEED, f"{self._began} {ear.n_flushes}"
        said = batches(ear.name, card, iter(held))
        own = Publication(ear.name, coverage, card.writes, said, f"{ear.name} live")
        held_since, began = ear.held_since, monotonic()
        loaded = await asyncio.to_thread(self._store.load, own)
        self._took("received", began - held_since)
        self._took("stored", monotonic() - began)
        del ear.held[: len(held)]
        ear.held_since = began  # or later, of what came meanwhile
        ear.n_rows -= sum(_count(rows) for _, rows in held)
        ear.n_flushes, ear.enough = ear.n_flushes + 1, _MANY
        ear.give_room()
        for reason, count in loaded.reasons.items():
            _log.warning("rows set aside feed=%s n=%d reason=%s", ear.name, count, reason)


def _count(rows: Rows) -> int:
    return len(cast(Plain, rows))  # of no file, for there is none
