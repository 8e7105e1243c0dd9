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
from leadline.allowance import Allowance
from leadline.errors import FeedError
from leadline.http import Http, Json
from leadline.record import Record

_LARGEST = 1 << 24  # a message; a whole book is far below
_WAITING = 10_000  # messages that nobody took yet; more wait at the source's own end
_STEADY_S = 60  # a connection that lasted longer begins the waits anew
_FAREWELL_S = 2  # how long a source may take to say goodbye
_OVERLAP_S = 5  # how long an old connection goes on beside the new one

_log = logging.getLogger("leadline.socket")


def again() -> Iterator[float]:
    """Yield how long to wait, in s: at most half of one at first, then from at most 5 up to 90."""
    yield next(backoff()) / 10
    yield from backoff()


class Connection:
    """One connection of a feed, and its way to ask the same source over HTTP."""

    def __init__(
        self,
        feed: str,
        open_one: ClientConnection,
        http: Http,
        waits: Callable[[], Iterator[float]],
        silence_s: float | None,
        number: int = 0,
        record: Record | None = None,
    ) -> None:
        self.number = number  # of the last line that was told, over all connections
        self.lost_at: datetime | None = None  # when it ended, if nobody here wanted it to
        self.why = ""
        self.reason = "disconnect"  # as feed_gaps has it
        self._silence_s, self._waits_since = silence_s, inf
        self._feed, self._open, self._http, self._waits = feed, open_one, http, waits
        self._next: ClientConnection | None = None
        self._record = record
        self._is_left = False

    @property
    def path(self) -> str:
        """What was asked for at its host, as /v2/sip."""
        request = self._open.request
        return request.path.partition("?")[0] if request else ""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The stocks that the settings name; none: the feed's own."""
        return self._http.symbols

    async def __aiter__(self) -> AsyncIterator[tuple[datetime, str]]:
        """Yield each message with the moment at which it came, until the connection ends.

        Pings are answered by themselves as long as the caller does not block the loop. A source
        that says nothing for longer than it may is given up.
        """
        watching = asyncio.create_task(self._watch(self._silence_s)) if self._silence_s else None
        try:
            while True:
                self._waits_since = monotonic()
                try:
                    text = await self._open.recv(decode=True)
                except ConnectionClosed:
                    if self._is_left or not self._next:
                        break
                    self._open, self._next = self._next, None
                    continue
                self._waits_since = inf  # what the caller takes is no silence of the source
                at, self.number = clock.now(), self.number + 1
                if self._record:
                    self._record.heard(at, text)
                yield at, text
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

    def keep(self, at: datetime, url: str, answer: Json) -> int:
        """Return the number of an answer that is made use of now; it is a line of its own."""
        self.number += 1
        if self._record:
            self._record.answered(at, url, json.dumps(answer, default=str))
        return self.number

    async def go_on_over(self, other: ClientConnection) -> None:
        """Go on with what another connection says; for a while both say the same."""
        old, self._next = self._open, other
        await asyncio.sleep(_OVERLAP_S)
        await old.close()

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
        for each in (self._open, self._next):
            if each:
                await each.close()


class Socket:
    """A feed's address, and the connections that are made to it one after another."""

    def __init__(
        self,
        feed: str,
        address: str,
        http: Http,
        *,
        silence_s: float | None = None,
        lifetime_s: float | None = None,
        allowance: Allowance | None = None,
        record: Record | None = None,
        waits: Callable[[], Iterator[float]] = again,
    ) -> None:
        """Take what a feed asks with, and how long to wait before each new connection.

        silence_s: how long a connection that stands may say nothing; lifetime_s: after how long
        another one takes its place, while it stands; allowance: how often a feed may connect.
        """
        self._feed, self._address, self._http, self._waits = feed, address, http, waits
        self._silence_s, self._lifetime_s = silence_s, lifetime_s
        self._allowance, self._record = allowance, record
        self._number = 0
        self._stopped = asyncio.Event()
        self._connection: Connection | None = None

    async def __aiter__(self) -> AsyncIterator[Connection]:
        """Yield a connection and, when it has ended, the next one, after growing waits.

        An answer that will stay the same, such as a refusal, is a FeedError.
        """
        waits = self._waits()
        while not await self._turn():
            began, why = monotonic(), ""
            try:
                made = await self._connect()
            except Exception as error:
                where = self._address.partition("?")[0]
                why = f"no connection to {where}: {error}"
                if process_exception(error) is not None:
                    raise FeedError(f"{self._feed}: {why}") from error
            else:
                self._connection = Connection(
                    self._feed, made, self._http, self._waits, self._silence_s, self._number,
                    self._record,
                )  # fmt: skip
                renewing = asyncio.create_task(self._renew(self._connection))
                try:
                    yield self._connection
                finally:
                    renewing.cancel()
                    await self._connection.close()
                    self._keep(self._connection)
                why = self._connection.why
            if self._stopped.is_set():
                return
            waits = self._waits() if monotonic() - began > _STEADY_S else waits
            wait = next(waits)
            _log.warning("listening again feed=%s reason=%s in_s=%.1f", self._feed, why, wait)
            await self._pause(wait)

    async def _connect(self) -> ClientConnection:
        return await connect(
            self._address, max_size=_LARGEST, max_queue=_WAITING, close_timeout=_FAREWELL_S
        )

    async def _turn(self) -> bool:
        """Wait until a connection may be made; say whether none is wanted any more."""
        if self._allowance and (wait := self._allowance.wait_s()) and not self._stopped.is_set():
            await self._pause(wait)
        return self._stopped.is_set()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)

    async def _renew(self, connection: Connection) -> None:
        """Let another connection take the place of one that is old, before its source ends it."""
        while self._lifetime_s:
            await asyncio.sleep(self._lifetime_s)
            if await self._turn():
                return
            try:
                await connection.go_on_over(await self._connect())
            except Exception as error:
                _log.warning("no new connection feed=%s reason=%s", self._feed, error)

    def _keep(self, connection: Connection) -> None:
        """Remember how far a connection came; record that it was lost, as a line of its own."""
        self._number = connection.number
        if connection.lost_at:
            self._number += 1
        if self._record:
            where = self._address.partition("?")[0]
            if connection.lost_at:
                self._record.lost(connection.lost_at, where, connection.reason)
            self._record.flush()

    async def stop(self) -> None:
        """End the connection that is open, and make no more."""
        self._stopped.set()
        if self._connection:
            await self._connection.close()
