"""A source that pushes, connection after connection: what it says, when it came, what it answers.

    async for connection in socket:
        async for received_at, text in connection:
            ...

The inner loop ends with its connection, the outer one when somebody stops the socket.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import datetime
from math import inf
from time import monotonic

from websockets.asyncio.client import ClientConnection, connect
from websockets.client import backoff, process_exception
from websockets.exceptions import ConnectionClosed

from leadline import clock
from leadline.errors import FeedError
from leadline.http import Http, Json

_LARGEST = 1 << 24  # a message; a whole book is far below
_STEADY_S = 60  # a connection that lasted longer begins the waits anew
_FAREWELL_S = 2  # how long a source may take to say goodbye

_log = logging.getLogger("leadline.socket")


class Connection:
    """One connection of a feed, and its way to ask the same source over HTTP."""

    def __init__(
        self,
        feed: str,
        open_one: ClientConnection,
        http: Http,
        waits: Callable[[], Iterator[float]],
        silence_s: float | None,
    ) -> None:
        self.lost_at: datetime | None = None  # when it ended, if nobody here wanted it to
        self.why = ""
        self.reason = "disconnect"  # as feed_gaps has it
        self._silence_s, self._waits_since = silence_s, inf
        self._feed, self._open, self._http, self._waits = feed, open_one, http, waits
        self._is_left = False

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        """Yield each message with the moment at which it came, until the connection ends.

        Pings are answered by themselves as long as the caller does not block the loop. A source
        that says nothing for longer than it may is given up.
        """
        watching = asyncio.create_task(self._watch(self._silence_s)) if self._silence_s else None
        try:
            with suppress(ConnectionClosed):
                while True:
                    self._waits_since = monotonic()
                    text = await self._open.recv(decode=True)
                    self._waits_since = inf  # what the caller takes is no silence of the source
                    yield clock.now(), text
        finally:
            if watching:
                watching.cancel()
        if not self._is_left:
            said = self._open.close_reason
            self.lost_at, self.why = clock.now(), "the source closed the connection"
            self.why += f", which says {said!r}" if said else ""

    async def send(self, message: Json) -> None:
        """Send one message as JSON; a connection that has ended shows in the next message."""
        with suppress(ConnectionClosed):
            await self._open.send(json.dumps(message))

    async def ask(self, url: str, **query: object) -> Json:
        """Return what the source answers over HTTP, while messages go on being received.

        What may pass is asked again, with growing waits; what may not is a FeedError.
        """
        for wait in self._waits():
            try:
                return await asyncio.to_thread(self._http.json, url, **query)
            except FeedError as error:
                if error.exit_code != 3:
                    raise
                _log.warning("no answer feed=%s reason=%s again_in_s=%.1f", self._feed, error, wait)
            await asyncio.sleep(wait)
        raise AssertionError("waits never end")

    async def _watch(self, silence_s: float) -> None:
        while (left := self._waits_since + silence_s - monotonic()) > 0:
            await asyncio.sleep(min(left, silence_s))
        self.reason = "silence"
        await self.give_up(f"nothing was said for {silence_s:g} s")

    async def give_up(self, why: str) -> None:
        """Close a connection that is of no more use, so that the next one is made."""
        self.lost_at, self.why = clock.now(), why
        await self.close()

    async def close(self) -> None:
        """Close it; its messages end."""
        self._is_left = True
        await self._open.close()


class Socket:
    """A feed's address, and the connections that are made to it one after another."""

    def __init__(
        self,
        feed: str,
        address: str,
        http: Http,
        *,
        silence_s: float | None = None,
        waits: Callable[[], Iterator[float]] = backoff,
    ) -> None:
        """Take what a feed asks with, and how long to wait before each new connection.

        silence_s: how long a connection that stands may say nothing.
        """
        self._feed, self._address, self._http, self._waits = feed, address, http, waits
        self._silence_s = silence_s
        self._stopped = asyncio.Event()
        self._connection: Connection | None = None

    async def __aiter__(self) -> AsyncIterator[Connection]:
        """Yield a connection and, when it has ended, the next one, after growing waits.

        An answer that will stay the same, such as a refusal, is a FeedError.
        """
        waits = self._waits()
        while not self._stopped.is_set():
            began, why = monotonic(), ""
            try:
                made = await connect(
                    self._address, max_size=_LARGEST, max_queue=None, close_timeout=_FAREWELL_S
                )
            except Exception as error:
                where = self._address.partition("?")[0]
                why = f"no connection to {where}: {error}"
                if process_exception(error) is not None:
                    raise FeedError(f"{self._feed}: {why}") from error
            else:
                async with made:
                    self._connection = Connection(
                        self._feed, made, self._http, self._waits, self._silence_s
                    )
                    yield self._connection
                why = self._connection.why
            if self._stopped.is_set():
                return
            waits = self._waits() if monotonic() - began > _STEADY_S else waits
            wait = next(waits)
            _log.warning("listening again feed=%s reason=%s in_s=%.1f", self._feed, why, wait)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), wait)

    async def stop(self) -> None:
        """End the connection that is open, and make no more."""
        self._stopped.set()
        if self._connection:
            await self._connection.close()
